package patch

import (
	"compress/flate"
)

// noise says of each of made whether nothing can be said of it in fewer bytes: it
// does not deflate, as pictures do not, and no stretch of it stands in the window
// before it. Looking for more would take 7 s for 1 MB.
func (p *plan) noise() []bool {
	found := make([]bool, len(p.made))
	var earlier *stretches
	at, window := p.full.base, p.matcher.window
	for i, data := range p.made {
		from := at
		at += len(data)
		if len(data) < leastNoise || deflates(data) {
			continue
		}
		if earlier == nil { // most patches have none
			earlier = newStretches(window)
		}
		earlier.knowUntil(from)
		found[i] = true
		earlier.roll(from, at, func(start int, hash uint32) bool {
			_, same := earlier.find(start, hash)
			found[i] = !same
			return !same
		})
	}
	return found
}

const leastNoise = 4 << 10

// deflates is the measure of takeRaw.
func deflates(data []byte) bool {
	size := counting(0)
	w, err := flate.NewWriter(&size, flate.BestSpeed)
	if err != nil {
		panic(err) // only for a level that does not exist
	}
	w.Write(data)
	w.Close()
	return int(size) < len(data)/16*15
}

type counting int

func (c *counting) Write(b []byte) (int, error) {
	*c += counting(len(b))
	return len(b), nil
}

// rawSteps puts size bytes of the window into the residue as they are.
func (p *plan) rawSteps(window []byte, pos, size int) (out []step) {
	for end := pos + size; pos < end; {
		n := min(end-pos, 1<<16)
		out = append(out, step{kind: rawStep, length: n})
		p.residue = append(p.residue, window[pos:pos+n]...)
		pos += n
	}
	return out
}
