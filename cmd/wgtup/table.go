package main

import (
	"strings"

	"golang.org/x/text/width"
)

// header splits the column names of a table.
func (u *ui) header(en, zh string) []string { return strings.Split(u.t(text{en, zh}), "|") }

// table prints rows in columns as wide as they need; a Chinese character counts
// as two columns.
func (u *ui) table(rows [][]string) {
	if u.json {
		return
	}
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-columns(cell)+2))
			}
		}
		u.write(u.out, strings.TrimRight(line.String(), " "))
	}
}

// columns is how wide a terminal shows s.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
