package jcs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"unicode/utf8"
)

// escapes is how each character below U+0020 is written.
var escapes = func() (t [0x20]string) {
	for c := range t {
		t[c] = fmt.Sprintf(`\u%04x`, c)
	}
	t['\b'], t['\t'], t['\n'], t['\f'], t['\r'] = `\b`, `\t`, `\n`, `\f`, `\r`
	return t
}()

var errTooDeep = fmt.Errorf("encode json: nested deeper than %d", MaxDepth)

// Encode writes a value of the types that Parse returns.
func Encode(v any) ([]byte, error) { return appendValue(nil, v, 0) }

// Marshal writes a Go value by its json tags, canonically.
func Marshal(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode json: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, fmt.Errorf("encode json: %w", err)
	}
	return Encode(tree)
}

func appendValue(b []byte, v any, depth int) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case string:
		return appendString(b, v)
	case int64:
		return appendInteger(b, v)
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return nil, fmt.Errorf("encode json: %s is not an integer", v)
		}
		return appendInteger(b, n)
	case Array:
		return appendArray(b, v, depth)
	case []any:
		return appendArray(b, v, depth)
	case Object:
		return appendObject(b, v, depth)
	case map[string]any:
		return appendObject(b, v, depth)
	}
	return nil, fmt.Errorf("encode json: no spelling for %T", v)
}

func appendInteger(b []byte, n int64) ([]byte, error) {
	if n < 0 || n > MaxInteger {
		return nil, fmt.Errorf("encode json: %d is outside 0 to 2^53-1", n)
	}
	return strconv.AppendInt(b, n, 10), nil
}

func appendString(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("encode json: string is not UTF-8")
	}
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < 0x20:
			b = append(b, escapes[c]...)
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"'), nil
}

func appendArray(b []byte, a []any, depth int) ([]byte, error) {
	if depth >= MaxDepth {
		return nil, errTooDeep
	}
	b = append(b, '[')
	var err error
	for i, v := range a {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendValue(b, v, depth+1); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendObject(b []byte, o map[string]any, depth int) ([]byte, error) {
	if depth >= MaxDepth {
		return nil, errTooDeep
	}
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return less(names[i], names[j]) })
	b = append(b, '{')
	var err error
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendString(b, name); err != nil {
			return nil, err
		}
		b = append(b, ':')
		if b, err = appendValue(b, o[name], depth+1); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}
