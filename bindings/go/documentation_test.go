// SPDX-License-Identifier: MIT

package portend_test

import (
	"os"
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
