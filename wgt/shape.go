package wgt

import (
	"path"
	"strings"
)

// shape looks at which files there are: whether this is the output of an app build, and if not, what it is instead.
func (c *checker) shape() {
	r := c.report
	problem := func(code Code, file, detail string) {
		r.Problems = append(r.Problems, Finding{code, file, detail})
	}
	switch {
	case len(c.has) == 0:
		problem(Empty, "", "")
	case c.isSource():
		problem(SourceProject, "", "")
	case c.isWebBuild():
		problem(WebBuild, "", "")
	case !c.has[ManifestName]:
		if dir := c.wrapper(); dir != "" {
			problem(Wrapped, "", dir)
		} else if !c.has[ServiceName] && c.looksCompiled() {
			problem(FailedBuild, "", "")
		} else {
			problem(NoManifest, "", "")
		}
	default:
		c.parse = true
		for _, name := range []string{ServiceName, ConfigName, ViewName} {
			f := c.tree.Lookup(name)
			if !c.has[name] {
				problem(MissingFile, name, "")
			} else if f.Mode.IsRegular() && f.Size == 0 {
				problem(MissingFile, name, "empty")
			}
		}
	}
}

// isSource: the folder that a developer edits has a manifest.json too, with comments.
func (c *checker) isSource() bool {
	return !c.has[ServiceName] && !c.has[ViewName] &&
		(c.has["pages.json"] || c.has["App.vue"] || c.has["App.uvue"] || c.has["src/pages.json"] || c.has["package.json"])
}

// isWebBuild: a web app may have a manifest.json of its own kind.
func (c *checker) isWebBuild() bool {
	if !c.has["index.html"] || c.has[ServiceName] || c.has[ConfigName] || c.has[ViewName] {
		return false
	}
	if !c.has[ManifestName] {
		return c.anyBelow("assets/") || c.anyBelow("static/")
	}
	return c.anyBelow("assets/")
}

// looksCompiled: files that only the compiler writes.
func (c *checker) looksCompiled() bool {
	for name := range c.has {
		if strings.HasPrefix(name, "__uniapp") || strings.HasPrefix(name, "uni-app-view.") || strings.HasPrefix(name, "app-config") || name == "app.css" {
			return true
		}
	}
	return false
}

// wrapper finds the uppermost folder that holds an app build.
func (c *checker) wrapper() string {
	found := ""
	for name := range c.has {
		dir, base := path.Split(name)
		if base != ManifestName || dir == "" || !c.has[dir+ServiceName] && !c.has[dir+ViewName] {
			continue
		}
		dir = strings.TrimSuffix(dir, "/")
		depth, least := strings.Count(dir, "/"), strings.Count(found, "/")
		if found == "" || depth < least || depth == least && dir < found {
			found = dir
		}
	}
	return found
}

func (c *checker) anyBelow(prefix string) bool {
	for name := range c.has {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
