// SPDX-License-Identifier: MIT

package native

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Other versions write different code with the same effect.
const swigVersion = "SWIG Version 4.1.0"

func swig() string {
	if named := os.Getenv("SWIG"); named != "" {
		return named
	}
	return "swig"
}

// areFresh runs a script that writes these files, and compares them with the committed files.
func areFresh(t *testing.T, script string, names ...string) {
	t.Helper()
	fresh := t.TempDir()
	if said, err := exec.Command(script, fresh).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, name := range names {
		difference, err := exec.Command("diff", "-u", name, filepath.Join(fresh, name)).CombinedOutput()
		if err != nil {
			t.Errorf("%s is not what %s writes now: run \"go generate ./...\" in bindings/go.\n%.2000s",
				name, script, difference)
		}
	}
}

func TestRegeneratingChangesNothing(t *testing.T) {
	if _, err := os.Stat("../../../swig/portend.i"); err != nil {
		t.Skip("the shared interface is not here: ", err)
	}
	said, err := exec.Command(swig(), "-version").Output()
	if err != nil || !strings.Contains(string(said), swigVersion+"\n") {
		t.Skipf("%s is not %s: %s %v", swig(), swigVersion, said, err)
	}
	areFresh(t, "./generate.sh", "native.go", "native_wrap.c")
}

func TestTheLibraryIsThatOfTheSources(t *testing.T) {
	if _, err := os.Stat("../../../../src/amalgamation/amalgamate.py"); err != nil {
		t.Skip("the sources of the library are not here: ", err)
	}
	areFresh(t, "./library.sh", "portend.cpp", "portend.h")
}
