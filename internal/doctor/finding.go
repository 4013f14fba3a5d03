package doctor

// Code names a finding. It is stable: scripts compare it.
type Code string

// Severity says how bad it is.
type Severity string

const (
	Bad     Severity = "error"   // phones get no updates, or wrong ones, or nobody can publish
	Warning Severity = "warning" // it works, but not for everybody, or not for long
	Note    Severity = "note"    // worth knowing
)

// Finding is one thing that is wrong. Where is the public URL it was seen at, ""
// for the store; Detail is what was seen, in nobody's language.
type Finding struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	Where    string   `json:"where,omitempty"`
	Detail   string   `json:"detail,omitempty"`
}

// What may be wrong with the key and the way to the bucket.
const (
	NoKey           Code = "no-key"
	WrongKey        Code = "wrong-key"
	WrongSecret     Code = "wrong-secret"
	ExpiredToken    Code = "expired-token"
	Clock           Code = "clock"
	Unreachable     Code = "unreachable"
	StoreCert       Code = "store-certificate"
	StoreClear      Code = "store-in-clear"
	NoBucket        Code = "no-bucket"
	WrongRegion     Code = "wrong-region"
	EndpointClosed  Code = "endpoint-closed"
	PathStyle       Code = "path-style"
	Busy            Code = "busy"
	StoreFailed     Code = "store-failed"
	ReadDenied      Code = "read-denied"
	WriteDenied     Code = "write-denied"
	ACLRefused      Code = "acl-refused"
	MissingDenied   Code = "missing-denied"
	DeleteDenied    Code = "delete-denied"
	UnfinishedParts Code = "unfinished-uploads"
)

// What the bucket may do to objects.
const (
	Overwrites      Code = "overwrites"
	CreateFailed    Code = "create-only-failed"
	IgnoresIfMatch  Code = "if-match-ignored"
	MetadataLost    Code = "metadata-lost"
	MetadataChanged Code = "metadata-changed"
	TypeChanged     Code = "content-type-changed"
	CachingLost     Code = "cache-control-lost"
	BodyChanged     Code = "body-changed"
	CopyFailed      Code = "copy-failed"
	CopyBroken      Code = "copy-broken"
)

// What may stand between the bucket and the phones.
const (
	NoPublicURL       Code = "no-public-url"
	PublicUnreachable Code = "public-unreachable"
	PublicCert        Code = "public-certificate"
	CertExpires       Code = "certificate-expires"
	PublicClear       Code = "public-in-clear"
	PublicDenied      Code = "public-denied"
	PublicMissing     Code = "public-missing"
	PublicOther       Code = "public-other"
	PublicFailed      Code = "public-failed"
	HeadFailed        Code = "head-failed"
	Redirected        Code = "redirected"
	Downgraded        Code = "downgraded"
	DefaultDomain     Code = "default-domain"
	ForcedDownload    Code = "forced-download"
	APKForbidden      Code = "apk-forbidden"
	PublicWrite       Code = "public-write"
	PublicList        Code = "public-list"
	NoRanges          Code = "no-ranges"
	NotModified       Code = "no-not-modified"
	CDNMetadata       Code = "cdn-metadata"
	CDNType           Code = "cdn-content-type"
	CDNCaching        Code = "cdn-cache-control"
	CDNExpires        Code = "cdn-expires"
	CDNStale          Code = "cdn-stale"
	CDNStaleHead      Code = "cdn-stale-head"
	NoCORS            Code = "no-cors"
	CORSHides         Code = "cors-hides-headers"
)
