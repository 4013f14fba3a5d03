package strictjson

import (
	"strconv"
	"strings"
)

// number reads a number and returns its canonical text.
func (p *parser) number() string {
	start := p.pos
	negative := p.peek() == '-'
	if negative {
		p.pos++
	}
	whole := p.digits("in a number")
	if len(whole) > 1 && whole[0] == '0' {
		p.pos = start
		p.fail("number with a leading zero")
	}
	fraction := ""
	if p.peek() == '.' {
		p.pos++
		fraction = p.digits("after the point of a number")
	}
	exponent := 0
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		sign := 1
		if c := p.peek(); c == '+' || c == '-' {
			if c == '-' {
				sign = -1
			}
			p.pos++
		}
		text := strings.TrimLeft(p.digits("in an exponent"), "0")
		if text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n > MaxExponent {
				p.pos = start
				p.fail("number with an exponent beyond %d", MaxExponent)
			}
			exponent = sign * n
		}
	}
	return canonicalNumber(negative, whole+fraction, exponent-len(fraction))
}

func (p *parser) digits(where string) string {
	start := p.pos
	for c := p.peek(); '0' <= c && c <= '9'; c = p.peek() {
		p.pos++
	}
	if p.pos == start {
		p.unexpected(where)
	}
	return string(p.data[start:p.pos])
}

// canonicalNumber writes digits × 10^power.
func canonicalNumber(negative bool, digits string, power int) string {
	digits = strings.TrimLeft(digits, "0")
	trimmed := strings.TrimRight(digits, "0")
	power += len(digits) - len(trimmed)
	if trimmed == "" {
		return "0"
	}
	text := trimmed
	switch {
	case power >= 0 && len(trimmed)+power <= 21:
		text += strings.Repeat("0", power)
	default:
		text += "e" + strconv.Itoa(power)
	}
	if negative {
		text = "-" + text
	}
	return text
}
