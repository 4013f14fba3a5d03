package wire

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"wgtup/internal/store/driver"
)

// Failure turns the error of an SDK into a driver error. code and message are
// what the service said, "" when it said nothing. An err of nil stays nil.
func (c *Call) Failure(err error, code, message string) error {
	if err == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	written := c.writes && c.sent
	switch {
	case c.answer != nil && c.answer.StatusCode/100 == 2 && code == "":
		// What the SDK could not make sense of, or a checksum that differs.
		return Answer(c.answer.StatusCode, "", err.Error(), written)
	case c.answer != nil:
		e := Answer(c.answer.StatusCode, code, message, written)
		e.RetryAfter = RetryAfter(c.answer.Header)
		return e
	case c.err != nil:
		if certificate := (*tls.CertificateVerificationError)(nil); errors.As(c.err, &certificate) {
			return &driver.Error{Code: "Certificate", Err: c.err}
		}
		sentinel := driver.ErrUnavailable
		if written {
			sentinel = driver.ErrUnknown
		}
		return &driver.Error{Err: fmt.Errorf("%w: %w", sentinel, c.err)}
	}
	return &driver.Error{Err: err}
}

// Answer classifies what a service said. written says that the request may have
// changed the bucket unless the answer rules that out.
func Answer(status int, code, message string, written bool) *driver.Error {
	if message = Plain(message); message == "" {
		message = http.StatusText(status)
	}
	if message == "" {
		message = "no explanation"
	}
	e := &driver.Error{Status: status, Code: code}
	if sentinel := meaning(status, code, written); sentinel != nil {
		e.Err = fmt.Errorf("%w: %s", sentinel, message)
	} else {
		e.Err = errors.New(message)
	}
	return e
}

// Codes that say more than the status they come with; services differ in that.
var (
	denied = []string{"AccessDenied", "SignatureDoesNotMatch", "InvalidAccessKeyId", "RequestTimeTooSkewed", "RequestExpired",
		"SecurityTokenExpired", "InvalidSecurityToken", "ExpiredToken", "InvalidToken", "InvalidSessionToken"}
	unavailable = []string{"SlowDown", "RequestTimeout", "ConditionalRequestConflict", "OperationAborted"}
)

// meaning returns nil for failures that no caller can do anything about but show
// them: a missing bucket, another region, a malformed request.
func meaning(status int, code string, written bool) error {
	switch {
	case code == "NoSuchBucket":
		return nil
	case slices.Contains(unavailable, code),
		status == http.StatusServiceUnavailable, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return driver.ErrUnavailable
	case status == http.StatusNotFound:
		return driver.ErrNotFound
	case status == http.StatusForbidden, status == http.StatusUnauthorized, slices.Contains(denied, code):
		return driver.ErrDenied
	case status == http.StatusRequestedRangeNotSatisfiable:
		return driver.ErrRange
	case status == http.StatusPreconditionFailed:
		return driver.ErrChanged
	case status == http.StatusNotImplemented:
		return driver.ErrUnsupported
	case status >= 500 && written, status/100 == 2 && written:
		return driver.ErrUnknown
	case status >= 500, status/100 == 2:
		return driver.ErrUnavailable
	}
	return nil
}

// Plain keeps a service's words printable and short.
func Plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if len(s) > 300 {
		s = s[:300] + "…"
	}
	return strings.TrimSpace(s)
}

// NoKey is the failure of a verb for which there is no access key.
func NoKey(err error) error {
	return &driver.Error{Code: "NoCredentials", Err: fmt.Errorf("%w: no usable access key: %w", driver.ErrDenied, err)}
}
