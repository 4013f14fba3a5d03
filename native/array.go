package native

import "wgtup/wgt/strictjson"

// maxTable bounds the work of aligning two arrays of different lengths: beyond it items are compared by their place.
const maxTable = 1 << 20

// array compares two arrays so that one permission put into the middle of a list is one change and not one for every item
// after it: equal items at both ends and the longest common subsequence between them are set aside. What is left over
// between two items that stay is paired up as changed, the rest is removed or added.
func (d *differ) array(path string, old, new []*strictjson.Value) {
	before, after := texts(old), texts(new)
	stay := common(before, after)
	i, j := 0, 0
	for _, s := range append(stay, pair{len(before), len(after)}) {
		for i < s.old && j < s.new {
			d.value(item(path, j), old[i], new[j])
			i, j = i+1, j+1
		}
		for ; i < s.old; i++ {
			d.add(item(path, i), Removed, old[i], nil)
		}
		for ; j < s.new; j++ {
			d.add(item(path, j), Added, nil, new[j])
		}
		i, j = s.old+1, s.new+1
	}
}

func texts(items []*strictjson.Value) []string {
	all := make([]string, len(items))
	for i, v := range items {
		all[i] = text(v)
	}
	return all
}

// A pair is the places of an item that is in both arrays.
type pair struct{ old, new int }

// common returns the items that stay, in order.
func common(a, b []string) []pair {
	var stay []pair
	if len(a) == len(b) { // the same length: nearly always items that changed in place
		for i := range a {
			if a[i] == b[i] {
				stay = append(stay, pair{i, i})
			}
		}
		return stay
	}
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		stay = append(stay, pair{start, start})
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	for _, p := range subsequence(a[start:len(a)-end], b[start:len(b)-end]) {
		stay = append(stay, pair{p.old + start, p.new + start})
	}
	for ; end > 0; end-- {
		stay = append(stay, pair{len(a) - end, len(b) - end})
	}
	return stay
}

// subsequence finds a longest common subsequence with the textbook table.
func subsequence(a, b []string) []pair {
	if len(a) == 0 || len(b) == 0 || len(a) > maxTable/len(b) {
		return nil
	}
	width := len(b) + 1
	length := make([]int32, (len(a)+1)*width) // of the suffixes a[i:], b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	var stay []pair
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			stay = append(stay, pair{i, j})
			i, j = i+1, j+1
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return stay
}
