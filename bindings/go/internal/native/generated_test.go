// SPDX-License-Identifier: MIT

package native

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Other versions write something else that does the same.
const swigVersion = "SWIG Version 4.1.0"

func swig() string {
	if named := os.Getenv("SWIG"); named != "" {
		return named
	}
	return "swig"
}

func TestRegeneratingChangesNothing(t *testing.T) {
	if _, err := os.Stat("../../../swig/portend.i"); err != nil {
		t.Skip("the shared interface is not here: ", err)
	}
	said, err := exec.Command(swig(), "-version").Output()
	if err != nil || !strings.Contains(string(said), swigVersion+"\n") {
		t.Skipf("%s is not %s: %s %v", swig(), swigVersion, said, err)
	}
	fresh := t.TempDir()
	if said, err := exec.Command("./generate.sh", fresh).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, name := range []string{"native.go", "native_wrap.c"} {
		difference, err := exec.Command("diff", "-u", name, filepath.Join(fresh, name)).CombinedOutput()
		if err != nil {
			t.Errorf("%s is not what SWIG writes now: run \"go generate ./...\" in bindings/go.\n%s",
				name, difference)
		}
	}
}
