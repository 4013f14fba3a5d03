package strictjson

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// A SyntaxError says where a text stops being strict JSON and why.
type SyntaxError struct {
	Line, Col int    // both from 1; Col counts bytes
	Reason    string // stable words, such as "comment" or "duplicate name \"id\""
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Reason) }

// Parse reads exactly one value. Every error is a *SyntaxError.
func Parse(data []byte) (v *Value, err error) {
	p := &parser{data: data}
	defer func() {
		if r := recover(); r != nil {
			failure, ok := r.(*SyntaxError)
			if !ok {
				panic(r)
			}
			v, err = nil, failure
		}
	}()
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		p.fail("byte order mark")
	}
	if !utf8.Valid(data) {
		p.pos = invalidUTF8(data)
		p.fail("not UTF-8")
	}
	v = p.value(0)
	if p.space(); p.pos < len(data) {
		p.unexpected("after the value")
	}
	return v, nil
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

type parser struct {
	data []byte
	pos  int
}

func (p *parser) fail(format string, args ...any) {
	before := p.data[:p.pos]
	panic(&SyntaxError{
		Line:   1 + bytes.Count(before, []byte("\n")),
		Col:    p.pos - bytes.LastIndexByte(before, '\n'),
		Reason: fmt.Sprintf(format, args...),
	})
}

// unexpected fails with the most helpful name for what stands at the current position.
func (p *parser) unexpected(where string) {
	switch c := p.peek(); {
	case p.pos >= len(p.data):
		p.fail("end of text %s", where)
	case c == '/':
		p.fail("comment")
	case c == '\'':
		p.fail("single quote")
	case c < utf8.RuneSelf:
		p.fail("unexpected %q %s", c, where)
	default:
		p.fail("unexpected character %s", where)
	}
}

func (p *parser) peek() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

func (p *parser) space() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) value(depth int) *Value {
	p.space()
	switch c := p.peek(); {
	case c == '{' || c == '[':
		if depth == MaxDepth {
			p.fail("more than %d levels", MaxDepth)
		}
		if c == '{' {
			return p.object(depth)
		}
		return p.array(depth)
	case c == '"':
		return &Value{Kind: String, Text: p.str()}
	case c == '-' || '0' <= c && c <= '9':
		return &Value{Kind: Number, Text: p.number()}
	}
	for _, word := range []struct {
		text  string
		value Value
	}{{"null", Value{Kind: Null}}, {"true", Value{Kind: Bool, True: true}}, {"false", Value{Kind: Bool}}} {
		if bytes.HasPrefix(p.data[p.pos:], []byte(word.text)) {
			p.pos += len(word.text)
			v := word.value
			return &v
		}
	}
	p.unexpected("where a value is expected")
	return nil
}

func (p *parser) object(depth int) *Value {
	v := &Value{Kind: Object}
	seen := map[string]bool{}
	p.pos++
	if p.space(); p.peek() == '}' {
		p.pos++
		return v
	}
	for {
		p.space()
		if p.peek() != '"' {
			p.unexpected("where a name is expected")
		}
		start := p.pos
		name := p.str()
		if seen[name] {
			p.pos = start
			p.fail("duplicate name %q", name)
		}
		seen[name] = true
		if p.space(); p.peek() != ':' {
			p.unexpected("where a colon is expected")
		}
		p.pos++
		v.Members = append(v.Members, Member{Name: name, Value: p.value(depth + 1)})
		if p.next('}') {
			return v
		}
	}
}

func (p *parser) array(depth int) *Value {
	v := &Value{Kind: Array}
	p.pos++
	if p.space(); p.peek() == ']' {
		p.pos++
		return v
	}
	for {
		v.Items = append(v.Items, p.value(depth+1))
		if p.next(']') {
			return v
		}
	}
}

// next steps over a comma (false) or the closing bracket (true).
func (p *parser) next(end byte) bool {
	p.space()
	switch p.peek() {
	case end:
		p.pos++
		return true
	case ',':
		p.pos++
		p.space()
		if p.peek() == end {
			p.fail("comma before %q", end)
		}
		return false
	}
	p.unexpected(fmt.Sprintf("where a comma or %q is expected", end))
	return false
}

func (p *parser) str() string {
	p.pos++
	var text []byte
	for {
		if p.pos >= len(p.data) {
			p.fail("end of text in a string")
		}
		switch c := p.data[p.pos]; {
		case c == '"':
			p.pos++
			return string(text)
		case c < 0x20:
			p.fail("control character in a string")
		case c == '\\':
			text = p.escape(text)
		default:
			text = append(text, c)
			p.pos++
		}
	}
}

func (p *parser) escape(text []byte) []byte {
	start := p.pos
	p.pos++
	c := p.peek()
	p.pos++
	switch c {
	case '"', '\\', '/':
		return append(text, c)
	case 'b':
		return append(text, '\b')
	case 'f':
		return append(text, '\f')
	case 'n':
		return append(text, '\n')
	case 'r':
		return append(text, '\r')
	case 't':
		return append(text, '\t')
	case 'u':
		r := p.hex4(start)
		if utf16.IsSurrogate(r) {
			if p.pos+1 >= len(p.data) || p.data[p.pos] != '\\' || p.data[p.pos+1] != 'u' {
				p.pos = start
				p.fail("half a surrogate pair")
			}
			p.pos += 2
			if r = utf16.DecodeRune(r, p.hex4(start)); r == utf8.RuneError {
				p.pos = start
				p.fail("half a surrogate pair")
			}
		}
		return utf8.AppendRune(text, r)
	}
	p.pos = start
	p.fail("unknown escape")
	return nil
}

func (p *parser) hex4(start int) (r rune) {
	for range 4 {
		c := p.peek()
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			p.pos = start
			p.fail("unknown escape")
		}
		r = r<<4 | rune(c)
		p.pos++
	}
	return r
}
