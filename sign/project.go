package sign

import (
	"fmt"
	"strings"

	"wgtup/jcs"
)

// Chain is every key set that a project ever had, oldest first, and the
// statements that lead from each to the next: what a project keeps, since who
// holds newer pins only can check neither older statements nor a stranger's.
type Chain struct {
	Sets       []Set
	Statements []Envelope // one fewer
}

// ParseChain reads the file of a chain: comment lines begin with #, a line for
// each pin of the first set (epoch 0), then a line for each statement. It
// verifies every step.
func ParseChain(text, app string) (Chain, error) {
	var pins []Pin
	var c Chain
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#':
		case line[0] == '{':
			s, err := parseStatement(line)
			if err != nil {
				return Chain{}, fmt.Errorf("read key chain: statement %d: %w", len(c.Statements)+1, err)
			}
			c.Statements = append(c.Statements, s)
		default:
			pin, err := ParsePin(line)
			if err != nil {
				return Chain{}, fmt.Errorf("read key chain: %w", err)
			}
			pins = append(pins, pin)
		}
	}
	first, err := NewSet(pins)
	if err != nil {
		return Chain{}, fmt.Errorf("read key chain: %w", err)
	}
	if first.Epoch != 0 {
		return Chain{}, fmt.Errorf("read key chain: it begins with epoch %d", first.Epoch)
	}
	c.Sets = []Set{first}
	if len(c.Statements) > MaxStatements {
		return Chain{}, fmt.Errorf("read key chain: more than %d statements", MaxStatements)
	}
	for i := range c.Statements {
		set, err := Walk(c.Statements[:i+1], app, first)
		if err != nil {
			return Chain{}, fmt.Errorf("read key chain: %w", err)
		}
		c.Sets = append(c.Sets, set)
	}
	return c, nil
}

func parseStatement(line string) (Envelope, error) {
	if len(line) > MaxEnvelope {
		return Envelope{}, fmt.Errorf("%d bytes, limit %d", len(line), MaxEnvelope)
	}
	tree, err := jcs.Parse([]byte(line))
	if err != nil {
		return Envelope{}, err
	}
	var w wire
	if err := jcs.Decode(tree, &w, true); err != nil {
		return Envelope{}, err
	}
	if w.Keys != nil {
		return Envelope{}, fmt.Errorf("it carries keys of its own")
	}
	return w.envelope(1)
}

// Text is what ParseChain reads.
func (c Chain) Text() (string, error) {
	var b strings.Builder
	b.WriteString("# The keys that apps were built with, and how each set was replaced: public, belongs into git.\n")
	for _, p := range c.Sets[0].Pins {
		b.WriteString(p.String() + "\n")
	}
	for _, s := range c.Statements {
		line, err := jcs.Marshal(s.wire())
		if err != nil {
			return "", fmt.Errorf("write key chain: %w", err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String(), nil
}

// At is the set of an epoch.
func (c Chain) At(epoch int64) (Set, bool) {
	if epoch < 0 || epoch >= int64(len(c.Sets)) {
		return Set{}, false
	}
	return c.Sets[epoch], true
}

// Last is the newest set.
func (c Chain) Last() Set { return c.Sets[len(c.Sets)-1] }

// UpTo is the chain as it was in an epoch that it knows.
func (c Chain) UpTo(epoch int64) Chain {
	return Chain{c.Sets[:epoch+1], c.Statements[:epoch]}
}

// With is the chain with one more statement, which must follow.
func (c Chain) With(app string, statement Envelope) (Chain, error) {
	all := append(append([]Envelope{}, c.Statements...), statement)
	if len(all) > MaxStatements {
		return Chain{}, fmt.Errorf("%d key statements, limit %d", len(all), MaxStatements)
	}
	set, err := Walk(all, app, c.Sets[0])
	if err != nil {
		return Chain{}, err
	}
	return Chain{append(append([]Set{}, c.Sets...), set), all}, nil
}
