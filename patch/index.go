package patch

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
)

// What becomes of a file of the base, or where a file of the package comes from.
const (
	sameEntry    = iota // is in both
	editedEntry         // is in both, with other contents
	removedEntry        // is in the base alone
	addedEntry          // is in the package alone
)

// An entry is a line of the index. There is one for every file of the base and every one of the package.
type entry struct {
	kind  int
	name  string
	base  int  // the file of the base with these contents (same, moved) or with this name, or -1
	moved bool // added: its contents are those of a file of the base
	size  int
	crc   uint32 // of an edited or added one, if it is sent
	sent  bool
	used  bool // the file of the base is in the window
}

// made says that the contents of an entry are in the body.
func (e *entry) made() bool {
	return e.kind == editedEntry || e.kind == addedEntry && !e.moved
}

var errIndex = errors.New("the index is damaged")

// compare returns the entries that lead from one list of files to another, both in order.
func compare(base, next []File) []entry {
	var entries []entry
	held := map[[sha256.Size]byte]int{} // the first file of the base with some contents
	for i := len(base) - 1; i >= 0; i-- {
		held[sha256.Sum256(base[i].Data)] = i
	}
	i, j := 0, 0
	for i < len(base) || j < len(next) {
		switch {
		case j == len(next) || i < len(base) && before(base[i].Name, next[j].Name):
			entries = append(entries, entry{kind: removedEntry, name: base[i].Name, base: i})
			i++
		case i == len(base) || before(next[j].Name, base[i].Name):
			e := entry{kind: addedEntry, name: next[j].Name, base: -1, size: len(next[j].Data)}
			if from, ok := held[sha256.Sum256(next[j].Data)]; ok {
				e.base, e.moved = from, true
			}
			entries = append(entries, e)
			j++
		default:
			e := entry{kind: editedEntry, name: base[i].Name, base: i, size: len(next[j].Data)}
			if bytes.Equal(base[i].Data, next[j].Data) {
				e.kind = sameEntry
			}
			entries = append(entries, e)
			i++
			j++
		}
	}
	return entries
}

// index codes entries of at most limit bytes.
func (c *coder) index(base []File, entries []entry, limit int) ([]entry, error) {
	var (
		kind     [5][4]counter
		used     [4]counter
		more     counter
		moved    counter
		sender   [32]counter
		shared   number
		from     number
		size     number
		growth   number
		out      []entry
		previous string
		last     = 4
		total    int
		kept     int
		names    []byte // of all added files
		spelling = newLiterals(maxContexts, true)
	)
	// Files larger than 1<<sent bytes have their CRC-32 in the patch.
	sent := 0
	if !c.decoding {
		sent = cheapSums(entries)
	}
	sent = c.tree(sender[:], 5, sent)
	for i := 0; ; {
		var e entry
		if !c.decoding && len(out) < len(entries) {
			e = entries[len(out)]
		}
		if i == len(base) {
			if !c.decideBool(&more, len(out) < len(entries)) {
				break
			}
			e.kind = addedEntry
		} else {
			e.kind = c.tree(kind[last][:], 2, e.kind)
		}
		last = e.kind
		if e.kind == addedEntry {
			if err := c.name(&e, previous, &shared, spelling, &names); err != nil {
				return nil, err
			}
			if e.moved = c.decideBool(&moved, e.moved); e.moved {
				if e.base = c.number(&from, e.base); e.base >= len(base) {
					return nil, errIndex
				}
				e.size = len(base[e.base].Data)
			} else {
				e.base = -1
				e.size = c.number(&size, e.size)
			}
		} else {
			e.name, e.base = base[i].Name, i
			if e.kind == editedEntry {
				d := c.number(&growth, fold(e.size-len(base[i].Data)))
				e.size = len(base[i].Data) + unfold(d)
			} else {
				e.size = len(base[i].Data)
			}
			e.used = c.decideBool(&used[e.kind], e.used)
			i++
		}
		if e.kind != removedEntry {
			previous = e.name
			if kept++; kept > MaxFiles {
				return nil, errIndex
			}
			if total += e.size; e.size < 0 || total > limit {
				return nil, fmt.Errorf("more than %d bytes are made", limit)
			}
		}
		if e.made() && e.size>>sent != 0 {
			e.sent = true
			v := 0
			for i := 31; i >= 0; i-- {
				v = v<<1 | c.bit(half, int(e.crc>>i&1))
			}
			e.crc = uint32(v)
		}
		if out = append(out, e); c.exhausted() {
			return nil, errShort
		}
	}
	return out, nil
}

// name codes the name of an added file.
func (c *coder) name(e *entry, previous string, shared *number, spelling *literals, names *[]byte) error {
	prefix := 0
	for prefix < len(previous) && prefix < len(e.name) && e.name[prefix] == previous[prefix] {
		prefix++
	}
	if prefix = c.number(shared, prefix); prefix > len(previous) {
		return errIndex
	}
	start := len(*names)
	*names = append(*names, previous[:prefix]...)
	for {
		at, v := len(*names)-start, byte(0)
		if at < len(e.name) {
			v = e.name[at]
		}
		*names = append(*names, v)
		v = spelling.literal(c, *names, start+at, v)
		(*names)[start+at] = v
		if v == 0 {
			break
		}
		if at == MaxName || len(*names) > MaxNames {
			return errIndex
		}
	}
	e.name = string((*names)[start : len(*names)-1])
	return nil
}

func fold(v int) int {
	if v < 0 {
		return -2*v - 1
	}
	return 2 * v
}

func unfold(v int) int {
	if v&1 == 1 {
		return -(v + 1) / 2
	}
	return v / 2
}

// cheap is how many bytes a device computes a CRC-32 of rather than being sent it.
const cheap = 1 << 18

// cheapSums returns the largest size, as a number of bits, up to which all files together are cheap.
func cheapSums(entries []entry) int {
	for bits := 0; bits < 31; bits++ {
		sum := 0
		for _, e := range entries {
			if e.made() && e.size>>(bits+1) == 0 {
				sum += e.size
			}
		}
		if sum > cheap {
			return bits
		}
	}
	return 31
}
