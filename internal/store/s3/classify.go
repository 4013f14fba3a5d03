package s3

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"wgtup/internal/store/driver"
	"wgtup/internal/store/wire"
)

// watched is a writing request; sent becomes true when its headers have left, so
// that the service may have acted on it.
type watched struct {
	ctx  context.Context
	sent *atomic.Bool
}

func watch(ctx context.Context) watched {
	w := watched{sent: new(atomic.Bool)}
	w.ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { w.sent.Store(true) }})
	return w
}

func (w watched) classify(err error) error { return driver.Named("s3", classify(err, w.sent.Load())) }

// classifyRead classifies the failure of a verb that changes nothing.
func classifyRead(err error) error { return driver.Named("s3", classify(err, false)) }

// classify turns an error of the SDK into a driver error. written says that
// the request may have changed the bucket unless the answer rules that out.
func classify(err error, written bool) error {
	if err == nil {
		return nil
	}
	if e := (*smithyhttp.ResponseError)(nil); errors.As(err, &e) && e.Response != nil && e.HTTPStatusCode() != 0 {
		return answered(e.Response.Response, err, written)
	}
	if e := (keyError{}); errors.As(err, &e) {
		return wire.NoKey(e.error)
	}
	sentinel := driver.ErrUnavailable
	if written {
		sentinel = driver.ErrUnknown
	}
	if e := (*smithyhttp.RequestSendError)(nil); errors.As(err, &e) {
		if certificate := (*tls.CertificateVerificationError)(nil); errors.As(err, &certificate) {
			return &driver.Error{Code: "Certificate", Err: e.Err}
		}
		return &driver.Error{Err: fmt.Errorf("%w: %w", sentinel, e.Err)}
	}
	if e := (*smithy.CanceledError)(nil); errors.As(err, &e) && written {
		return &driver.Error{Err: fmt.Errorf("%w: %w", sentinel, e.Err)}
	}
	if written {
		// An answer that could not be read.
		return &driver.Error{Err: fmt.Errorf("%w: %w", sentinel, err)}
	}
	return &driver.Error{Err: err}
}

// answered classifies what the service said.
func answered(resp *http.Response, err error, written bool) error {
	code, message := "", ""
	if a := smithy.APIError(nil); errors.As(err, &a) {
		code, message = a.ErrorCode(), a.ErrorMessage()
	}
	e := wire.Answer(resp.StatusCode, code, message, written)
	e.RetryAfter = wire.RetryAfter(resp.Header)
	if region := resp.Header.Get("x-amz-bucket-region"); region != "" && isElsewhere(e) {
		e.Err = fmt.Errorf("%w; the bucket is in the region %s", e.Err, wire.Plain(region))
	}
	return e
}

// isElsewhere reports an answer that means: not this region, not this endpoint.
func isElsewhere(e *driver.Error) bool {
	return e.Status/100 == 3 || e.Status == http.StatusBadRequest || e.Code == "AuthorizationHeaderMalformed"
}
