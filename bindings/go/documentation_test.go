// SPDX-License-Identifier: MIT

package portend_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	must(t, err)
	return string(text)
}

func TestTheExamplesOfTheReadmeAreThoseThatAreRun(t *testing.T) {
	run := read(t, "example_test.go")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(read(t, "README.md"), -1)
	equal(t, len(blocks) > 10, true)
	for _, block := range blocks {
		if !strings.Contains(run, block[1]) {
			t.Errorf("example_test.go does not have:\n%s", block[1])
		}
	}
}

func TestP62GoDocShowsNothingPrivateAndNoRawMarkup(t *testing.T) {
	said, err := exec.Command(goCommand(), "doc", "-all", ".").CombinedOutput()
	must(t, err)
	equal(t, strings.Contains(string(said), "func WaitAll("), true)
	raw := regexp.MustCompile("native\\.|Swig|portend_[a-z]|[@\\\\][a-z]+ |`|\\*\\*|\\]\\(")
	for _, line := range strings.Split(string(said), "\n") {
		if raw.MatchString(line) {
			t.Error(line)
		}
	}
}
