package apk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

var le = binary.LittleEndian

// Chunks of a compiled XML file (ResourceTypes.h).
const (
	chunkStrings = 0x0001
	chunkXML     = 0x0003
	chunkIDs     = 0x0180
	chunkStart   = 0x0102
	chunkEnd     = 0x0103
)

// An element begins; nil says that the innermost one ends.
type element struct {
	name       string
	attributes []attribute
}

type attribute struct {
	id   uint32 // resource id, 0 for none
	name string
	text string // of a string
	data uint32 // of a number or a boolean
}

func (e *element) find(id uint32) attribute {
	for _, a := range e.attributes {
		if a.id == id {
			return a
		}
	}
	return attribute{}
}

func (e *element) text(id uint32) string  { return e.find(id).text }
func (e *element) number(id uint32) int64 { return int64(e.find(id).data) }

var errTruncated = errors.New("truncated")

// parseXML tells visit every start and end of an element.
func parseXML(text []byte, visit func(*element) error) error {
	kind, header, body, err := chunk(text)
	if err != nil {
		return err
	}
	if kind != chunkXML || len(header) != 8 {
		return errors.New("not a compiled XML file")
	}
	var strings []string
	var ids []uint32
	for len(body) > 0 {
		kind, header, data, err := chunk(body)
		if err != nil {
			return err
		}
		body = body[len(header)+len(data):]
		switch kind {
		case chunkStrings:
			if strings, err = stringPool(header, data); err != nil {
				return err
			}
		case chunkIDs:
			ids = make([]uint32, len(data)/4)
			for i := range ids {
				ids[i] = le.Uint32(data[4*i:])
			}
		case chunkStart:
			e, err := startElement(data, strings, ids)
			if err != nil {
				return err
			}
			if err := visit(e); err != nil {
				return err
			}
		case chunkEnd:
			if err := visit(nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// chunk splits the first chunk of a text into its header and its body.
func chunk(text []byte) (kind uint16, header, body []byte, err error) {
	if len(text) < 8 {
		return 0, nil, nil, errTruncated
	}
	head, size := int64(le.Uint16(text[2:])), int64(le.Uint32(text[4:]))
	if head < 8 || size < head || size > int64(len(text)) {
		return 0, nil, nil, fmt.Errorf("chunk of %d bytes where %d are left: %w", size, len(text), errTruncated)
	}
	return le.Uint16(text), text[:head], text[head:size], nil
}

const flagUTF8 = 1 << 8

// stringPool reads the texts that everything else refers to.
func stringPool(header, data []byte) ([]string, error) {
	if len(header) < 28 {
		return nil, errTruncated
	}
	count, flags := int64(le.Uint32(header[8:])), le.Uint32(header[16:])
	start := int64(le.Uint32(header[20:])) - int64(len(header))
	if count*4 > int64(len(data)) || start < count*4 || start > int64(len(data)) {
		return nil, fmt.Errorf("%d strings: %w", count, errTruncated)
	}
	texts := data[start:]
	all := make([]string, count)
	for i := range all {
		at := int64(le.Uint32(data[4*i:]))
		if at > int64(len(texts)) {
			return nil, fmt.Errorf("string %d: %w", i, errTruncated)
		}
		var ok bool
		if flags&flagUTF8 != 0 {
			all[i], ok = utf8String(texts[at:])
		} else {
			all[i], ok = utf16String(texts[at:])
		}
		if !ok {
			return nil, fmt.Errorf("string %d: %w", i, errTruncated)
		}
	}
	return all, nil
}

// utf8String: its length in UTF-16 units, its length in bytes, the bytes.
func utf8String(data []byte) (string, bool) {
	_, data, ok := length8(data)
	if !ok {
		return "", false
	}
	n, data, ok := length8(data)
	if !ok || n > len(data) {
		return "", false
	}
	return string(data[:n]), true
}

func length8(data []byte) (int, []byte, bool) {
	switch {
	case len(data) > 0 && data[0]&0x80 == 0:
		return int(data[0]), data[1:], true
	case len(data) > 1:
		return int(data[0]&0x7f)<<8 | int(data[1]), data[2:], true
	}
	return 0, nil, false
}

func utf16String(data []byte) (string, bool) {
	if len(data) < 2 {
		return "", false
	}
	n := int(le.Uint16(data))
	if data = data[2:]; n&0x8000 != 0 {
		if len(data) < 2 {
			return "", false
		}
		n, data = (n&0x7fff)<<16|int(le.Uint16(data)), data[2:]
	}
	if 2*n > len(data) {
		return "", false
	}
	units := make([]uint16, n)
	for i := range units {
		units[i] = le.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units)), true
}

// Types of values (Res_value).
const (
	typeString  = 0x03
	typeDecimal = 0x10
	typeHex     = 0x11
	typeBoolean = 0x12
)

const attributeSize = 20

func startElement(data []byte, strings []string, ids []uint32) (*element, error) {
	if len(data) < 20 {
		return nil, errTruncated
	}
	at := func(i uint32) string {
		if int64(i) < int64(len(strings)) {
			return strings[i]
		}
		return ""
	}
	e := &element{name: at(le.Uint32(data[4:]))}
	start, size, count := int(le.Uint16(data[8:])), int(le.Uint16(data[10:])), int(le.Uint16(data[12:]))
	if count > 0 && (size < attributeSize || start+size*count > len(data)) {
		return nil, fmt.Errorf("attributes of %q: %w", e.name, errTruncated)
	}
	for i := range count {
		raw := data[start+i*size:]
		name := le.Uint32(raw[4:])
		a := attribute{name: at(name)}
		if int64(name) < int64(len(ids)) {
			a.id = ids[name]
		}
		switch raw[15] {
		case typeString:
			a.text = at(le.Uint32(raw[16:]))
		case typeDecimal, typeHex, typeBoolean:
			a.data = le.Uint32(raw[16:])
		}
		e.attributes = append(e.attributes, a)
	}
	return e, nil
}
