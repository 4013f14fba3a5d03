package patch

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"sort"
)

// A plan is how one package is made from another: the index, the contents that have to be made, and their steps.
type plan struct {
	base    []File
	entries []entry
	made    [][]byte
	full    layout   // with all files of the base that may be of use
	matcher *matcher // of the window in that layout
	noisy   []bool   // of each of made
	window  []byte   // of the last patch that was written
	steps   [][]step // for each of made, in that layout; after drop, in the one of entries
	header  header
	residue []byte
}

// Make returns the patch from the files of one package to those of another. Without a base it holds the whole package.
func Make(base, next []File) ([]byte, error) {
	base, next = inOrder(base), inOrder(next)
	for _, files := range [][]File{base, next} {
		if err := check(files); err != nil {
			return nil, fmt.Errorf("make patch: %w", err)
		}
	}
	p := newPlan(base, next)
	var best []byte
	t := newTariff()
	for pass := range passes {
		p.parse(t)
		b, out, err := p.write()
		if err != nil {
			return nil, fmt.Errorf("make patch: %w", err)
		}
		if pass == 0 || len(out) < len(best) {
			best = out
		}
		t.learn(b, p.steps)
	}
	return best, nil
}

// passes is how often the steps are chosen anew, with the prices that the last ones had.
const passes = 3

func check(files []File) error {
	total := 0
	for i, f := range files {
		if i > 0 && files[i-1].Name == f.Name {
			return fmt.Errorf("two files are named %q", f.Name)
		}
		if f.Name == "" || len(f.Name) > MaxName || bytes.IndexByte([]byte(f.Name), 0) >= 0 {
			return fmt.Errorf("%q cannot be the name of a file", f.Name)
		}
		total += len(f.Data)
	}
	if total > MaxUnpacked || len(files) > MaxFiles {
		return errors.New("too many files or bytes")
	}
	return nil
}

func newPlan(base, next []File) *plan {
	p := &plan{base: base, entries: compare(base, next), header: header{contexts: maxContexts, recall: true}}
	at := 0
	for i := range p.entries {
		e := &p.entries[i]
		if e.kind != removedEntry {
			if e.made() {
				e.crc = crc32.ChecksumIEEE(next[at].Data)
				p.made = append(p.made, next[at].Data)
			}
			at++
		}
		// Pictures and fonts that stay are no source of anything.
		e.used = e.kind == editedEntry || e.kind == removedEntry || e.kind == sameEntry && isText(base[e.base].Data)
	}
	var window []byte
	p.full, window = p.lay(nil)
	p.matcher = newMatcher(window)
	p.noisy = p.noise()
	return p
}

func isText(data []byte) bool { return bytes.IndexByte(data[:min(len(data), 4096)], 0) < 0 }

// lay lays everything out in a window.
func (p *plan) lay(window []byte) (layout, []byte) {
	l := newLayout(p.base, p.entries)
	if len(window) < l.size {
		window = make([]byte, l.size)
	}
	window = window[:l.size]
	l.fill(window, p.base)
	at := l.base
	for _, data := range p.made {
		at += copy(window[at:], data)
	}
	return l, window
}

// parse chooses the steps by the prices of t.
func (p *plan) parse(t *tariff) {
	l, window := p.full, p.matcher.window
	t.weigh(window)
	search := newParser(p.matcher, l.base, t)
	p.steps, p.residue = nil, nil
	var s state
	at := l.base
	for i := range p.entries {
		e := &p.entries[i]
		if !e.made() {
			continue
		}
		if p.noisy[len(p.steps)] {
			p.steps = append(p.steps, p.rawSteps(window, at, e.size))
			at += e.size
			continue
		}
		s.begin(at, l.source(e))
		var steps []step
		steps, s = search.parse(s, at, at+e.size)
		p.steps = append(p.steps, p.takeRaw(steps, window, at, t))
		at += e.size
	}
	p.drop()
}

// rawLength is how many bytes are put into the residue at least.
const rawLength = 64

// takeRaw replaces literals that cost as much as they are long.
func (p *plan) takeRaw(steps []step, window []byte, pos int, t *tariff) (out []step) {
	for i := 0; i < len(steps); {
		n, cost := 0, price(0)
		for i+n < len(steps) && steps[i+n].kind == literalStep && n < 1<<16 {
			cost += t.literalPrice(window, pos+n)
			n++
		}
		if n >= rawLength && int(cost) > n*15/2<<8 {
			out = append(out, step{kind: rawStep, length: n})
			p.residue = append(p.residue, window[pos:pos+n]...)
		} else {
			n = max(n, 1)
			out = append(out, steps[i:i+n]...)
		}
		for _, s := range steps[i : i+n] {
			pos += s.length
		}
		i += n
	}
	return
}

// drop leaves those files of the base out of the window from which nothing is copied.
func (p *plan) drop() {
	l, window := p.full, p.matcher.window
	var files []*entry // in the window, in order
	for i := range p.entries {
		e := &p.entries[i]
		e.used = false // until a copy needs it
		if e.kind != addedEntry && l.sources[e.base] >= 0 && len(p.base[e.base].Data) > 0 {
			files = append(files, e)
		}
	}
	holding := func(at int) int { // the file with that byte of the window
		return sort.Search(len(files), func(i int) bool { return l.sources[files[i].base] > at }) - 1
	}
	for s := range p.copies() {
		end := s.end
		if s.kind == renameStep && end < l.base && letter[window[end-1]] != 0 {
			end++ // what follows says that the word ends here
		}
		for i := holding(s.source); i >= 0 && i < len(files) && l.sources[files[i].base] < end; i++ {
			files[i].used = true
		}
	}
	now := newLayout(p.base, p.entries)
	for s := range p.copies() {
		shift := now.base - l.base
		if s.source < l.base {
			file := files[holding(s.source)].base
			shift = now.sources[file] - l.sources[file]
		}
		s.source += shift
	}
}

// copies is every step that copies.
func (p *plan) copies() iter.Seq[*step] {
	return func(yield func(*step) bool) {
		for _, steps := range p.steps {
			for i := range steps {
				if k := steps[i].kind; (k == copyStep || k == renameStep) && !yield(&steps[i]) {
					return
				}
			}
		}
	}
}

// write codes the plan, and returns what it learned on the way.
func (p *plan) write() (*body, []byte, error) {
	c := newEncoder()
	p.header.residue = len(p.residue)
	c.header(p.header)
	if _, err := c.index(p.base, p.entries, MaxUnpacked); err != nil {
		return nil, nil, err
	}
	l, window := p.lay(p.window)
	p.window = window
	b := newBody(c, p.header, window, l.base)
	b.residue = p.residue
	made := 0
	for i := range p.entries {
		e := &p.entries[i]
		if !e.made() {
			continue
		}
		b.limit = b.pos + e.size
		b.begin(b.pos, l.source(e))
		for _, s := range p.steps[made] {
			if err := b.step(s); err != nil {
				return nil, nil, err
			}
		}
		made++
	}
	at := l.base
	for _, data := range p.made {
		if !bytes.Equal(b.window[at:at+len(data)], data) {
			return nil, nil, errors.New("the steps do not make the contents")
		}
		at += len(data)
	}
	out := append([]byte{format}, c.end()...)
	if len(p.residue) == 0 {
		for n := 0; n < spare && len(out) > 1 && out[len(out)-1] == 0; n++ {
			out = out[:len(out)-1]
		}
	}
	return b, append(out, p.residue...), nil
}
