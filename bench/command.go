package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// A command is one row of a table.
type command struct {
	name   string
	slow   bool   // once is enough
	folder string // to run it in
	env    []string
	words  []string
	before func() error // not measured

	times  []time.Duration
	memory int64 // peak of all runs, bytes
}

// installed reports whether the command can be run.
func (c *command) installed() bool {
	_, err := exec.LookPath(c.words[0])
	return err == nil
}

// measure runs commands by turns. A run may change the words of later ones.
func measure(all []*command, runs int) error {
	for n := range runs {
		for _, c := range all {
			if c.slow && n > 0 {
				continue
			}
			if err := c.run(); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	return nil
}

func (c *command) run() error {
	if c.before != nil {
		if err := c.before(); err != nil {
			return err
		}
	}
	p := exec.Command(c.words[0], c.words[1:]...)
	p.Dir, p.Env = c.folder, append(os.Environ(), c.env...)
	var output bytes.Buffer
	p.Stdout, p.Stderr = &output, &output
	start := time.Now()
	err := p.Run()
	used := time.Since(start)
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(c.words, " "), err, output.Bytes())
	}
	c.times = append(c.times, used)
	c.memory = max(c.memory, peak(p.ProcessState))
	return nil
}

func (c *command) median() time.Duration {
	sorted := slices.Sorted(slices.Values(c.times))
	return sorted[len(sorted)/2]
}

func (c *command) cells() string {
	return fmt.Sprintf("%d ms | %d MB", c.median().Milliseconds(), c.memory/1e6)
}
