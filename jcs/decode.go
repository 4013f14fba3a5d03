package jcs

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
)

// Decode copies a parsed value into a Go value by its json tags. Member names
// match exactly, unlike encoding/json, which also fills a field from another
// letter case. A member of the wrong type is an error; null is never accepted
// for a known member. A field without ",omitempty" is required.
//
// With strict set, an unknown member is an error too: a reader ignores what a
// newer writer says, a writer must not drop it.
func Decode(v any, into any, strict bool) error {
	return decode("", v, reflect.ValueOf(into).Elem(), strict)
}

// Unmarshaler is for types with a spelling of their own. The second argument
// decodes parts with the strictness in force.
type Unmarshaler interface {
	UnmarshalJCS(v any, decode func(v any, into any) error) error
}

func decode(path string, v any, into reflect.Value, strict bool) error {
	if u, ok := into.Addr().Interface().(Unmarshaler); ok {
		err := u.UnmarshalJCS(v, func(v, part any) error { return decode(path, v, reflect.ValueOf(part).Elem(), strict) })
		return at(path, err)
	}
	if u, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		s, isString := v.(string)
		if !isString {
			return wrong(path, "a string", v)
		}
		return at(path, u.UnmarshalText([]byte(s)))
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return decode(path, v, into.Elem(), strict)
	case reflect.String:
		s, ok := v.(string)
		if !ok {
			return wrong(path, "a string", v)
		}
		into.SetString(s)
	case reflect.Int64, reflect.Int:
		n, ok := v.(int64)
		if !ok {
			return wrong(path, "an integer", v)
		}
		into.SetInt(n)
	case reflect.Bool:
		b, ok := v.(bool)
		if !ok {
			return wrong(path, "true or false", v)
		}
		into.SetBool(b)
	case reflect.Slice:
		return decodeSlice(path, v, into, strict)
	case reflect.Map:
		return decodeMap(path, v, into, strict)
	case reflect.Struct:
		return decodeStruct(path, v, into, strict)
	default:
		return fmt.Errorf("%s: cannot decode into %s", path, into.Type())
	}
	return nil
}

func decodeSlice(path string, v any, into reflect.Value, strict bool) error {
	a, ok := v.(Array)
	if !ok {
		return wrong(path, "an array", v)
	}
	s := reflect.MakeSlice(into.Type(), len(a), len(a))
	for i := range a {
		if err := decode(fmt.Sprintf("%s[%d]", path, i), a[i], s.Index(i), strict); err != nil {
			return err
		}
	}
	into.Set(s)
	return nil
}

func decodeMap(path string, v any, into reflect.Value, strict bool) error {
	o, ok := v.(Object)
	if !ok {
		return wrong(path, "an object", v)
	}
	m := reflect.MakeMapWithSize(into.Type(), len(o))
	for name, member := range o {
		e := reflect.New(into.Type().Elem()).Elem()
		if err := decode(path+"."+name, member, e, strict); err != nil {
			return err
		}
		m.SetMapIndex(reflect.ValueOf(name), e)
	}
	into.Set(m)
	return nil
}

func decodeStruct(path string, v any, into reflect.Value, strict bool) error {
	o, ok := v.(Object)
	if !ok {
		return wrong(path, "an object", v)
	}
	known := map[string]bool{}
	for i := range into.NumField() {
		tag := into.Type().Field(i).Tag.Get("json")
		if tag == "" || tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		known[name] = true
		member, present := o[name]
		if !present {
			if options != "omitempty" && options != "omitzero" {
				return fmt.Errorf("%s is missing", strings.TrimPrefix(path+"."+name, "."))
			}
			continue
		}
		if err := decode(path+"."+name, member, into.Field(i), strict); err != nil {
			return err
		}
	}
	if strict {
		for name := range o {
			if !known[name] {
				return &UnknownMemberError{strings.TrimPrefix(path+"."+name, ".")}
			}
		}
	}
	return nil
}

// UnknownMemberError is what strict decoding says of a member it does not know.
type UnknownMemberError struct{ Path string }

func (e *UnknownMemberError) Error() string { return "unknown member " + e.Path }

func wrong(path, want string, v any) error {
	got := map[bool]string{true: "null"}[v == nil]
	switch v.(type) {
	case string:
		got = "a string"
	case int64:
		got = "an integer"
	case bool:
		got = "true or false"
	case Array:
		got = "an array"
	case Object:
		got = "an object"
	}
	return fmt.Errorf("%s is %s, not %s", strings.TrimPrefix(path, "."), got, want)
}

func at(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", strings.TrimPrefix(path, "."), err)
}
