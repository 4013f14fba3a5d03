package jcs

import (
	"unicode/utf8"
)

// Parse reads one canonical value and refuses every other spelling of it.
func Parse(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, &SyntaxError{0, "not UTF-8"}
	}
	p := &parser{text: text}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.at != len(text) {
		return nil, p.fail("text after the value")
	}
	return v, nil
}

type parser struct {
	text []byte
	at   int
}

func (p *parser) fail(reason string) error { return &SyntaxError{p.at, reason} }

func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

// accept consumes s if it comes next.
func (p *parser) accept(s string) bool {
	if len(p.text)-p.at >= len(s) && string(p.text[p.at:p.at+len(s)]) == s {
		p.at += len(s)
		return true
	}
	return false
}

func (p *parser) value(depth int) (any, error) {
	switch c := p.peek(); {
	case c == '{':
		return p.object(depth + 1)
	case c == '[':
		return p.array(depth + 1)
	case c == '"':
		return p.str()
	case c >= '0' && c <= '9':
		return p.integer()
	case p.accept("true"):
		return true, nil
	case p.accept("false"):
		return false, nil
	case p.accept("null"):
		return nil, nil
	}
	return nil, p.fail("expected a value")
}

func (p *parser) object(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, p.fail("nested too deep")
	}
	p.at++
	o := Object{}
	if p.accept("}") {
		return o, nil
	}
	last := ""
	for first := true; ; first = false {
		start := p.at
		name, err := p.str()
		if err != nil {
			return nil, err
		}
		if !first && !less(last, name) {
			return nil, &SyntaxError{start, "members out of order or twice"}
		}
		last = name
		if !p.accept(":") {
			return nil, p.fail("expected ':'")
		}
		if o[name], err = p.value(depth); err != nil {
			return nil, err
		}
		if p.accept("}") {
			return o, nil
		}
		if !p.accept(",") {
			return nil, p.fail("expected ',' or '}'")
		}
	}
}

func (p *parser) array(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, p.fail("nested too deep")
	}
	p.at++
	a := Array{}
	if p.accept("]") {
		return a, nil
	}
	for {
		v, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		a = append(a, v)
		if p.accept("]") {
			return a, nil
		}
		if !p.accept(",") {
			return nil, p.fail("expected ',' or ']'")
		}
	}
}

func (p *parser) integer() (any, error) {
	start := p.at
	var n int64
	for p.peek() >= '0' && p.peek() <= '9' {
		n = n*10 + int64(p.peek()-'0')
		p.at++
		if n > MaxInteger {
			return nil, &SyntaxError{start, "number too large"}
		}
	}
	if p.text[start] == '0' && p.at-start > 1 {
		return nil, &SyntaxError{start, "leading zero"}
	}
	return n, nil
}

func (p *parser) str() (string, error) {
	if !p.accept(`"`) {
		return "", p.fail("expected a string")
	}
	var out []byte
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == '"':
			p.at++
			return string(out), nil
		case c < 0x20:
			return "", p.fail("control character in a string")
		case c == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			out = append(out, r)
		default:
			out = append(out, c)
			p.at++
		}
	}
	return "", p.fail("string without an end")
}

// escape accepts an escape only where the encoder would write it.
func (p *parser) escape() (byte, error) {
	for c := byte(0); c < 0x20; c++ {
		if p.accept(escapes[c]) {
			return c, nil
		}
	}
	if p.accept(`\"`) {
		return '"', nil
	}
	if p.accept(`\\`) {
		return '\\', nil
	}
	return 0, p.fail("escape that is not canonical")
}
