package doctor

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Judge draws conclusions from facts, the worst first.
func Judge(f Facts) []Finding {
	j := &judge{}
	j.store(f.Store)
	if f.Store.Read == nil && f.Store.Write == nil {
		if len(f.Sites) == 0 {
			j.add(NoPublicURL, Warning, "")
		}
		for _, s := range f.Sites {
			j.where = s.URL
			j.site(s, f)
		}
	}
	if f.Mirror {
		j.found = slices.DeleteFunc(j.found, func(found Finding) bool { return slices.Contains(homeOnly, found.Code) })
	}
	order := []Severity{Bad, Warning, Note}
	slices.SortStableFunc(j.found, func(a, b Finding) int {
		return slices.Index(order, a.Severity) - slices.Index(order, b.Severity)
	})
	return j.found
}

// homeOnly are no faults of a mirror: nobody deals numbers there, and a mere copy needs
// no public URL.
var homeOnly = []Code{Overwrites, CreateFailed, NoPublicURL}

type judge struct {
	found []Finding
	where string
}

func (j *judge) add(code Code, s Severity, format string, args ...any) {
	j.found = append(j.found, Finding{code, s, j.where, fmt.Sprintf(format, args...)})
}

// known is the finding for what a service says, "" for other words.
func known(code string) Code {
	return map[string]Code{
		"NoCredentials":      NoKey,
		"InvalidAccessKeyId": WrongKey, "SignatureDoesNotMatch": WrongSecret,
		"SecurityTokenExpired": ExpiredToken, "InvalidSecurityToken": ExpiredToken, "InvalidSessionToken": ExpiredToken, "ExpiredToken": ExpiredToken,
		"RequestTimeTooSkewed": Clock, "RequestExpired": Clock,
		"NoSuchBucket": NoBucket, "PublicEndpointForbidden": EndpointClosed, "PathStyleDomainForbidden": PathStyle,
		"PermanentRedirect": WrongRegion, "TemporaryRedirect": WrongRegion, "Redirect": WrongRegion, "AuthorizationHeaderMalformed": WrongRegion,
		"SlowDown": Busy,
	}[code]
}

// broken says why a verb failed; denied is what it means that the key may not.
func (j *judge) broken(f *Failure, denied Code) {
	code := known(f.Code)
	switch {
	case code != "":
	case f.Kind == Network:
		code = Unreachable
	case f.Kind == Certificate:
		code = StoreCert
	case f.Kind == Denied:
		code = denied
	case f.Kind == Unavailable:
		code = Busy
	case strings.Contains(f.Message, "region"):
		code = WrongRegion
	default:
		code = StoreFailed
	}
	j.add(code, Bad, "%s", f.Message)
}

func (j *judge) store(s Store) {
	if s.Clear {
		j.add(StoreClear, Bad, "")
	}
	switch {
	case s.Read != nil:
		j.broken(s.Read, ReadDenied)
		return
	case s.ACL:
		j.add(ACLRefused, Bad, "%s", s.Write.Message)
		return
	case s.Write != nil:
		j.broken(s.Write, WriteDenied)
		return
	}
	j.object(s.Sent, s.Got)
	switch {
	case s.Created:
		j.add(Overwrites, Bad, "")
	case s.Create != nil:
		j.add(CreateFailed, Bad, "%s", s.Create.Message)
	}
	if s.Replaced {
		j.add(IgnoresIfMatch, Warning, "")
	}
	// What writing loses, a copy loses as well: once is enough.
	switch {
	case s.Copy != nil:
		j.add(CopyFailed, Bad, "%s", s.Copy.Message)
	case s.Copied.Body != s.Got.Body:
		j.add(CopyBroken, Bad, "%d bytes instead of %d", len(s.Copied.Body), len(s.Got.Body))
	case maps.Equal(s.Got.Metadata, s.Sent.Metadata) && !maps.Equal(s.Copied.Metadata, s.CopyWant.Metadata):
		j.add(CopyBroken, Bad, "%v instead of %v", s.Copied.Metadata, s.CopyWant.Metadata)
	}
	if s.Missing != nil && s.Missing.Kind == Denied {
		j.add(MissingDenied, Warning, "%s", s.Missing.Message)
	}
	if s.Unfinished > 0 {
		j.add(UnfinishedParts, Note, "%d", s.Unfinished)
	}
	if s.Left != nil {
		j.add(DeleteDenied, Note, "%s, %s", scratch, scratchAPK)
	}
}

// object compares what its owner reads with what he wrote.
func (j *judge) object(want, got Object) {
	if got.Body != want.Body {
		j.add(BodyChanged, Bad, "%d bytes instead of %d", len(got.Body), len(want.Body))
	}
	var lost, changed []string
	for _, name := range slices.Sorted(maps.Keys(want.Metadata)) {
		switch value := got.Metadata[name]; value {
		case want.Metadata[name]:
		case "":
			lost = append(lost, name)
		default:
			changed = append(changed, fmt.Sprintf("%s: %s instead of %s", name, value, want.Metadata[name]))
		}
	}
	if len(lost) > 0 {
		j.add(MetadataLost, Bad, "%s", strings.Join(lost, ", "))
	}
	if len(changed) > 0 {
		j.add(MetadataChanged, Warning, "%s", strings.Join(changed, ", "))
	}
	if got.ContentType != want.ContentType {
		j.add(TypeChanged, Warning, "%s instead of %s", got.ContentType, want.ContentType)
	}
	if got.CacheControl != want.CacheControl {
		j.add(CachingLost, Bad, "%q instead of %q", got.CacheControl, want.CacheControl)
	}
}

func (j *judge) site(s Site, f Facts) {
	if s.Skew.Abs() > 5*time.Minute {
		j.add(Clock, Warning, "%s", s.Skew)
	}
	if s.Clear {
		j.add(PublicClear, Warning, "")
	}
	if !s.Expires.IsZero() && s.Expires.Sub(s.Now) < 21*24*time.Hour {
		j.add(CertExpires, Warning, "%s", s.Expires.Format(time.DateOnly))
	}
	if s.Vendor != "" {
		j.add(DefaultDomain, Warning, "%s", s.Vendor)
	}
	if !j.visible(s) {
		return
	}
	j.headers(s, f)
	if strings.HasPrefix(s.Head.Header.Get("Content-Disposition"), "attachment") || s.Head.Header.Get("x-cos-force-download") != "" || s.Head.Header.Get("x-oss-force-download") != "" {
		j.add(ForcedDownload, Note, "")
	}
	if s.APK.Status >= 400 {
		j.add(APKForbidden, Warning, "%d %s", s.APK.Status, between(s.APK.Body, "<Code>", "</Code>"))
	}
	if s.Put.Status/100 == 2 {
		j.add(PublicWrite, Bad, "")
	}
	if s.List.Status == http.StatusOK && (strings.Contains(s.List.Body, "ListBucketResult") || strings.Contains(s.List.Body, `"contents"`)) {
		j.add(PublicList, Warning, "")
	}
	if s.Part.Status != http.StatusPartialContent {
		j.add(NoRanges, Warning, "%d", s.Part.Status)
	}
	if s.Same.Status != http.StatusNotModified {
		j.add(NotModified, Note, "%d", s.Same.Status)
	}
	j.stale(s)
	if f.H5 {
		j.cors(s)
	}
}

// visible reports whether a stranger sees the object at all.
func (j *judge) visible(s Site) bool {
	a := s.Get
	switch {
	case s.Head.Failure != nil && s.Head.Failure.Kind == Certificate:
		j.add(PublicCert, Bad, "%s", s.Head.Failure.Message)
	case s.Head.Failure != nil:
		j.add(PublicUnreachable, Bad, "%s", s.Head.Failure.Message)
	case a.Failure != nil:
		j.add(PublicUnreachable, Bad, "%s", a.Failure.Message)
	case a.Status/100 == 3 && strings.HasPrefix(s.URL, "https:") && strings.HasPrefix(a.Header.Get("Location"), "http:"):
		j.add(Downgraded, Bad, "%s", a.Header.Get("Location"))
	case a.Status/100 == 3:
		j.add(Redirected, Warning, "%s", a.Header.Get("Location"))
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden:
		j.add(PublicDenied, Bad, "%d", a.Status)
	case a.Status == http.StatusNotFound:
		j.add(PublicMissing, Bad, "")
	case a.Status != http.StatusOK && known(between(a.Body, "<Code>", "</Code>")) == EndpointClosed:
		j.add(EndpointClosed, Bad, "%d", a.Status)
	case a.Status != http.StatusOK:
		j.add(PublicFailed, Bad, "%d", a.Status)
	case s.Head.Status != http.StatusOK:
		j.add(HeadFailed, Bad, "%d", s.Head.Status)
	case a.Body != s.Want.Body:
		j.add(PublicOther, Bad, "")
	default:
		return true
	}
	return false
}

// headers compares those of the public URL with what the owner reads: what the
// bucket itself has lost was said before.
func (j *judge) headers(s Site, f Facts) {
	var lost []string
	for _, name := range slices.Sorted(maps.Keys(s.Want.Metadata)) {
		if f.Store.Got.Metadata[name] == f.Store.Sent.Metadata[name] && meta(s.Head.Header, name) != s.Want.Metadata[name] {
			lost = append(lost, name)
		}
	}
	if len(lost) > 0 {
		j.add(CDNMetadata, Warning, "%s", strings.Join(lost, ", "))
	}
	if got := s.Head.Header.Get("Content-Type"); got != s.Want.ContentType && f.Store.Got.ContentType == f.Store.Sent.ContentType {
		j.add(CDNType, Warning, "%s instead of %s", got, s.Want.ContentType)
	}
	if got := s.Head.Header.Get("Cache-Control"); got != s.Want.CacheControl && f.Store.Got.CacheControl == f.Store.Sent.CacheControl {
		j.add(CDNCaching, Warning, "%q instead of %q", got, s.Want.CacheControl)
	}
	if until, err := http.ParseTime(s.Head.Header.Get("Expires")); err == nil && until.After(s.Now.Add(s.Skew)) {
		j.add(CDNExpires, Warning, "%s", s.Head.Header.Get("Expires"))
	}
}

// stale says what a cache still shows after a change.
func (j *judge) stale(s Site) {
	old := func(a Answer) bool {
		return a.Status == http.StatusOK && meta(a.Header, "release") == s.Want.Metadata["release"]
	}
	switch {
	case s.Next.Body == "":
	case s.GetNow.Status == http.StatusOK && s.GetNow.Body == s.Want.Body:
		j.add(CDNStale, Bad, "Age: %s", s.GetNow.Header.Get("Age"))
	case old(s.HeadNow) && !old(s.GetNow):
		j.add(CDNStaleHead, Bad, "Age: %s", s.HeadNow.Header.Get("Age"))
	}
}

func (j *judge) cors(s Site) {
	h := s.Cross.Header
	if h.Get("Access-Control-Allow-Origin") == "" {
		j.add(NoCORS, Warning, "")
		return
	}
	var shown []string
	for name := range strings.SplitSeq(strings.ToLower(h.Get("Access-Control-Expose-Headers")), ",") {
		shown = append(shown, strings.TrimSpace(name))
	}
	for name := range h {
		name = strings.ToLower(name)
		if (name == "etag" || strings.HasSuffix(name, "-meta-release")) && !slices.Contains(shown, name) && !slices.Contains(shown, "*") {
			j.add(CORSHides, Warning, "%s", name)
			return
		}
	}
}

// meta is user metadata, whatever the service calls it.
func meta(h http.Header, name string) string {
	for header, values := range h {
		if strings.HasSuffix(strings.ToLower(header), "-meta-"+name) {
			return strings.Join(values, ",")
		}
	}
	return ""
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, found := strings.Cut(s, to)
	if !found || len(s) > 100 {
		return ""
	}
	return s
}
