// SPDX-License-Identifier: MIT

package portend_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/portend/portend/bindings/go"
)

const module = "github.com/portend/portend/bindings/go"

// A program of a user.
const program = `package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/portend/portend/bindings/go"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	fmt.Println(portend.Version(), portend.Occupied(context.Background(), "127.0.0.1", port))
	fmt.Println(errors.Is(portend.AssertFree(context.Background(), "127.0.0.1", port), portend.ErrNotFree))
}
`

// installed returns the tree of a prefix, and the folder of the library in it.
func installed(t *testing.T, prefix string) (tree, library string) {
	t.Helper()
	place := os.Getenv("PORTEND_INSTALLED")
	if place == "" {
		t.Skip("PORTEND_INSTALLED does not say where the library is installed")
	}
	tree = filepath.Join(place, filepath.Base(prefix), prefix)
	must(t, filepath.WalkDir(filepath.Join(tree, "lib"), func(name string, _ fs.DirEntry, err error) error {
		if filepath.Base(name) == "libportend.so" {
			library = filepath.Dir(name)
		}
		return err
	}))
	equal(t, library != "", true)
	return tree, library
}

// client runs commands in its own folder, with the program and an installed library.
type client struct {
	folder      string
	environment []string
}

func newClient(t *testing.T, library string, environment ...string) *client {
	t.Helper()
	u := &client{folder: t.TempDir(), environment: append(os.Environ(),
		"PKG_CONFIG_PATH="+filepath.Join(library, "pkgconfig"), "LD_LIBRARY_PATH="+library,
		"CGO_CXXFLAGS=-O0")} // the library that is carried only has to work
	u.environment = append(u.environment, environment...)
	must(t, os.WriteFile(filepath.Join(u.folder, "main.go"), []byte(program), 0o666))
	return u
}

func (u *client) run(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Dir, command.Env = u.folder, u.environment
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command, err, said)
	}
	return string(said)
}

// builds builds the program, and checks that it works.
func (u *client) builds(t *testing.T, flags ...string) {
	t.Helper()
	u.run(t, goCommand(), append(append([]string{"build"}, flags...), "-o", "program", "main.go")...)
	equal(t, u.run(t, "./program"), portend.Version()+" <nil>\ntrue\n")
}

func TestItsSourcesAreInstalledWhereDebianHasThem(t *testing.T) {
	for _, prefix := range []string{"/usr", "/usr/local"} {
		tree, library := installed(t, prefix)
		path := filepath.Join(tree, "share/gocode")
		u := newClient(t, library, "GO111MODULE=off", "GOPATH="+path)
		u.builds(t)
		equal(t, strings.TrimSpace(u.run(t, goCommand(), "list", "-f", "{{.Dir}}", module)),
			filepath.Join(path, "src", module))
	}
}

// proxy makes a module proxy in the file system, with the sources under one tag.
func proxy(t *testing.T, tag string) string {
	t.Helper()
	var archive bytes.Buffer
	packed := zip.NewWriter(&archive)
	must(t, filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := packed.Create(module + "@" + tag + "/" + filepath.ToSlash(name))
		if err == nil {
			_, err = file.Write([]byte(read(t, name)))
		}
		return err
	}))
	must(t, packed.Close())

	root := t.TempDir()
	folder := filepath.Join(root, module, "@v")
	must(t, os.MkdirAll(folder, 0o777))
	for name, content := range map[string]string{
		"list":        tag + "\n",
		tag + ".info": fmt.Sprintf(`{"Version": %q, "Time": "2024-01-01T00:00:00Z"}`, tag),
		tag + ".mod":  read(t, "go.mod"),
		tag + ".zip":  archive.String(),
	} {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o666))
	}
	return "file://" + root
}

// alone returns the environment of a user who has Go and a C++ compiler, but neither SWIG nor the library.
func alone(t *testing.T) []string {
	t.Helper()
	compilers := os.Getenv("PORTEND_COMPILERS")
	if compilers == "" {
		t.Skip("PORTEND_COMPILERS does not say where the compilers of the tests are")
	}
	return []string{"GOSUMDB=off", "GOPATH=" + t.TempDir(), "GOFLAGS=-modcacherw", "PKG_CONFIG=pkg-config",
		"PATH=" + compilers + ":" + os.Getenv("PATH"), "LD_LIBRARY_PATH="}
}

// getter makes a user's module that requires a tag of this module.
func getter(t *testing.T, library string, environment ...string) *client {
	t.Helper()
	tag := "v" + portend.Version()
	u := newClient(t, library, append(environment, "GOPROXY="+proxy(t, tag))...)
	u.run(t, goCommand(), "mod", "init", "example.invalid/user")
	u.run(t, goCommand(), "get", module+"@"+tag)
	must(t, exec.Command("grep", "-q", module+" "+tag, filepath.Join(u.folder, "go.mod")).Run())
	return u
}

func TestGoGetOfATagCarriesTheLibraryAlsoWhenVendored(t *testing.T) {
	u := getter(t, "/nonexistent", alone(t)...)
	u.run(t, goCommand(), "mod", "vendor")
	u.builds(t, "-mod=vendor")
	vendored, err := os.ReadDir(filepath.Join(u.folder, "vendor"))
	must(t, err)
	equal(t, len(vendored), 2) // github.com and modules.txt
	equal(t, strings.Contains(u.run(t, "readelf", "-d", "program"), "libportend"), false)
}

// If the library is not in /usr, the program gets the folder by -extldflags, as README.md says.
func TestAnInstalledLibraryIsUsedByATag(t *testing.T) {
	_, library := installed(t, "/usr/local")
	u := getter(t, library, "GOSUMDB=off", "GOPATH="+t.TempDir(), "GOFLAGS=-modcacherw", "LD_LIBRARY_PATH=")
	u.builds(t, "-tags", "portend_system", "-ldflags", "-extldflags=-Wl,-rpath,"+library)
	equal(t, strings.Contains(u.run(t, "readelf", "-d", "program"), "libportend.so.1"), true)
}

func TestWithoutCgoOneErrorSaysWhatToDo(t *testing.T) {
	u := getter(t, "/nonexistent", append(alone(t), "CGO_ENABLED=0")...)
	command := exec.Command(goCommand(), "build", module+"/internal/native")
	command.Dir, command.Env = u.folder, u.environment
	said, err := command.CombinedOutput()
	equal(t, err != nil, true)
	equal(t, strings.Contains(string(said), "portend needs cgo: set CGO_ENABLED=1 and install a C++ compiler"), true)
	equal(t, strings.Contains(string(said), "undefined"), false)
	equal(t, strings.Count(string(said), "\n") <= 3, true)
}

// Only one such test, since compiling the library takes long.
func TestItsOwnTestsCanBeBuiltWithTheLibraryItCarries(t *testing.T) {
	if os.Getenv("PORTEND_FULL") == "" {
		t.Skip("it compiles the library once more: ./dev test --full does it")
	}
	command := exec.Command(goCommand(), "test", "-run", "TestP09", ".")
	command.Env = append(os.Environ(), "GOFLAGS=", "PKG_CONFIG=/bin/false")
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
}
