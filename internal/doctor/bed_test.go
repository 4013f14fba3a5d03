package doctor

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"wgtup/internal/store"
	"wgtup/internal/store/bos/bostest"
	"wgtup/internal/store/cos/costest"
	"wgtup/internal/store/oss/osstest"
	"wgtup/internal/store/standin"
	"wgtup/internal/store/storetest"
)

// bed is a bucket of a stand-in with a way in for its owner and another for
// strangers, each with somebody in between.
type bed struct {
	bucket   *standin.Bucket
	oss      *osstest.Server // nil for other services
	handler  http.Handler
	env      func(string) string
	storeURL func(base, prefix string) string
	public   func(base, prefix string) string

	store, cdn func(w http.ResponseWriter, r *http.Request, next http.Handler) // nil: nobody
	query      string                                                          // at the end of the store's URL
	name       string                                                          // host of the public URL, "" for its address
	secure     time.Time                                                       // until when the certificate of the public URL is valid
	strange    bool                                                            // nobody vouches for it
	patient    func(p *Patient)
}

func newOSS() *bed {
	s := osstest.New()
	return &bed{bucket: &s.Bucket, oss: s, handler: s, env: s.Env, storeURL: s.StoreURL, public: s.PublicURL, query: "&acl=object"}
}

func newCOS() *bed {
	s := costest.New()
	return &bed{bucket: &s.Bucket, handler: s, env: s.Env, storeURL: s.StoreURL, public: s.PublicURL, query: "&acl=object"}
}

func newBOS() *bed {
	s := bostest.New()
	return &bed{bucket: &s.Bucket, handler: s, env: s.Env, storeURL: s.StoreURL, public: s.PublicURL, query: "&acl=object"}
}

func through(next http.Handler, f func(http.ResponseWriter, *http.Request, http.Handler)) http.Handler {
	if f == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f(w, r, next) })
}

// findings examines the bed.
func (b *bed) findings(t *testing.T) []Finding {
	t.Helper()
	owner := httptest.NewServer(through(b.handler, b.store))
	t.Cleanup(owner.Close)
	strangers := httptest.NewUnstartedServer(through(b.handler, b.cdn))
	strangers.Config.ErrorLog = nil
	client := &http.Client{Transport: &http.Transport{}}
	if b.secure.IsZero() {
		strangers.Start()
	} else {
		var pool *x509.CertPool
		strangers.TLS, pool = certificate(t, b.secure)
		strangers.StartTLS()
		if !b.strange {
			client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: pool}
		}
	}
	t.Cleanup(strangers.Close)
	base := strangers.URL
	if b.name != "" {
		address := strangers.Listener.Addr().String()
		client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
		base = base[:len(base)-len(address)] + b.name
	}
	open := func(query string) *store.Store {
		s, err := store.Open(t.Context(), b.storeURL(owner.URL, "app")+query, b.env)
		if err != nil {
			t.Fatal(err)
		}
		return s.WithRetry(storetest.Patience)
	}
	p := Patient{
		Store: open(b.query), Sites: []string{b.public(base, "app")}, HTTP: client, Now: time.Now, Nonce: "nonce", Endpoint: owner.URL,
	}
	if b.query == "&acl=object" {
		p.Plain = open("")
	}
	if b.patient != nil {
		b.patient(&p)
	}
	f, err := Observe(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return Judge(f)
}

// certificate is for any host of these tests.
func certificate(t *testing.T, until time.Time) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		DNSNames: []string{"bucket.oss-cn-hangzhou.aliyuncs.com", "cdn.example.com"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(made)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// change lets next answer, and changes the headers of its answer.
func change(w http.ResponseWriter, r *http.Request, next http.Handler, f func(h http.Header)) {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, r)
	replay(w, rec, f)
}

func replay(w http.ResponseWriter, rec *httptest.ResponseRecorder, f func(h http.Header)) {
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	if f != nil {
		f(w.Header())
	}
	w.WriteHeader(rec.Code)
	w.Write(bytes.Clone(rec.Body.Bytes()))
}

// refuse answers a matching request with a status and code of OSS.
func refuse(status int, code string, match func(r *http.Request, key string) bool) func(*http.Request, string) *standin.Refusal {
	return func(r *http.Request, key string) *standin.Refusal {
		if match != nil && !match(r, key) {
			return nil
		}
		return &standin.Refusal{Status: status, Code: code, Message: "the words of the service"}
	}
}
