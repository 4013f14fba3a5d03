package jscheck

import (
	"strings"
	"testing"
)

func TestLevel(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", "es2015"},
		{"var a = 1", "es2015"},
		{"let {a, b = 2, ...c} = d", "es2018"},
		{"const f = (...x) => `${x}`; class A extends B { get x() { return super.x } }", "es2015"},
		{"a **= 2", "es2016"},
		{"async function f() { await g() }", "es2017"},
		{"f(a, b,)", "es2017"},
		{"f(',)', /,)/.source)", ""}, // does not parse: see below
		{"f(',)', `,  )`)", "es2015"},
		{"for await (const x of y) ;", ""},
		{"async function f() { for await (const x of y) ; }", "es2018"},
		{"var r = /(?<year>\\d{4})/", "es2018"},
		{"var r = /(?<=a)b/s", "es2018"},
		{"try { a() } catch { b() }", "es2019"},
		{"var s = '\u2028'", "es2019"},
		{"var s = 1;\u2028var t = `\u2028`", "es2015"},
		{"a?.b", "es2020"}, {"a ?? b", "es2020"}, {"var n = 10n", "es2020"}, {"var s = 'a ?? b?.c'", "es2015"},
		{"import('x')", "es2015"},
		{"a ||= b", "es2021"}, {"var n = 1_000", "es2021"}, {"var n = 0xFF_FF + 1.5_0", "es2021"},
		{"var n = '1_000', a1_0 = 1, é1_0 = /1_0/, $1_0 = `2_0`", "es2015"},
		{"class A { x = 1; static #y; static { this.z = 1 } }", "es2022"},
		{"class A { #x; has(o) { return #x in o } }", "es2022"},
		{"var r = /a/d", "es2022"},
		{"var r = /[\\p{L}--[a-z]]/v", "esnext"},
		{"{ using x = y() }", "esnext"},
		{"with (a) b = 010", "es2015"},
		{"var a = b?.5:1, c = d._1_0, e = f ? .5_0 : 1", "es2021"},
		{"var a = 'import x', exports = {}; a.import = a.export; x = exports.await", "es2015"},
	} {
		got, err := Parse("app-service.js", []byte(c.src))
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %q %v, want %q", c.src, got, err, c.want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"app-service.js", "var a = 1;\nvar b = ;\n", "2:9: Unexpected \";\""},
		{"app-service.js", "if (a) {", "1:9: Unexpected end of file"},
		{"app-service.js", "async function f() {}\nfor await (var x of f()) ;", "2:5: await outside of a function"},
		{"app-service.js", "})\n;(function(){", "1:1: Unexpected \"}\""},
		{"app-service.js", "<<<<<<< HEAD\nvar a\n", "1:1: Unexpected \"<<\""},
		{"app-service.js", "export const a = 1", "1:1: Unexpected \"export\""},
		{"app-service.js", "import a from 'b'", "1:8: Unexpected \"a\""},
		{"app-service.js", "var x = 1;\nawait f()", "2:1: await outside of a function"},
		{"pages/a.js", "var x = import.meta.url", "1:9: import.meta outside of a module"},
		{"app-service.js", "\x00", "1:1: Unexpected \"\\x00\""},
	} {
		level, err := Parse(c.name, []byte(c.src))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %q %v, want %s", c.src, level, err, c.want)
		}
	}
	for _, name := range []string{"static/a.js", "hybrid/html/a.js", "uni_modules/x/static/a.js", "a.mjs"} {
		if _, err := Parse(name, []byte("export const a = await b; import.meta.url")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBisect(t *testing.T) {
	for want := range 9 {
		for first := range 9 {
			if got := bisect(8, first, func(i int) bool { return i >= want }); got != want {
				t.Errorf("from %d: %d, want %d", first, got, want)
			}
		}
	}
}

// What the head of a real app-service.js looks like.
func TestService(t *testing.T) {
	src := `if("undefined"==typeof Promise||Promise.prototype.finally||(Promise.prototype.finally=function(e){const t=this.constructor;return this.then((n=>t.resolve(e()).then((()=>n))),(n=>t.resolve(e()).then((()=>{throw n}))))}),"undefined"!=typeof uni&&uni&&uni.requireGlobal){const e=uni.requireGlobal();ArrayBuffer=e.ArrayBuffer,Int8Array=e.Int8Array}uni.restoreGlobal&&uni.restoreGlobal(Vue,weex,plus,setTimeout,clearTimeout,setInterval,clearInterval),function(e){"use strict";async function t(){return await uni.request({url:"/a"})}e.x=t}(Vue);`
	level, err := Parse("app-service.js", []byte(src))
	if err != nil || level != "es2017" {
		t.Errorf("%q %v", level, err)
	}
}

func BenchmarkParse(b *testing.B) {
	line := "async function f%(a,b){const c=await g(a?.b??1);return c.map((x=>({...x,k:`${x.y}-%`}))).filter(Boolean)}var r%=/ab+c/gi;\n"
	src := []byte(strings.Repeat(strings.ReplaceAll(line, "%", "1"), 1<<20/len(line)))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := Parse("app-service.js", src); err != nil {
			b.Fatal(err)
		}
	}
}
