package s3

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"

	"wgtup/internal/store/credential"
)

// The SDK's own way of finding keys would add 2.6 MB to the command, for single
// sign-on and assumed roles; `aws configure export-credentials` puts those keys
// into the environment.

// containers is where ECS and CodeBuild give a task its key.
const containers = "http://169.254.170.2"

// keys finds the access key: variables, the profile, the role of the container
// or machine.
func keys(c Config) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		source := credential.Source{
			Variables: [][3]string{{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}},
			File:      ".aws/credentials",
			Sections:  []string{profile(c)},
			Names:     [3]string{"aws_access_key_id", "aws_secret_access_key", "aws_session_token"},
		}
		home := c.Home
		if file := c.Env("AWS_SHARED_CREDENTIALS_FILE"); file != "" {
			home, source.File = filepath.Dir(file), filepath.Base(file)
		}
		k, err := source.Find(c.Env, home)
		switch place, container := containerKeys(c.Env); {
		case err == nil:
			return aws.Credentials{AccessKeyID: k.ID, SecretAccessKey: k.Secret, SessionToken: k.Token}, nil
		case c.Env("AWS_PROFILE") != "":
			return aws.Credentials{}, err
		case container != nil:
			return endpointcreds.New(place, container).Retrieve(ctx)
		}
		found, roleErr := ec2rolecreds.New().Retrieve(ctx)
		if roleErr != nil {
			return aws.Credentials{}, fmt.Errorf("%w; no role of this machine: %w", err, roleErr)
		}
		return found, nil
	})
}

// containerKeys are where the key of a container is, and how to ask for it: as ECS
// and CodeBuild say it, or EKS Pod Identity and others; nil in no container.
func containerKeys(env func(string) string) (string, func(*endpointcreds.Options)) {
	place := env("AWS_CONTAINER_CREDENTIALS_FULL_URI")
	if path := env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); path != "" {
		place = containers + path
	}
	if place == "" {
		return "", nil
	}
	return place, func(o *endpointcreds.Options) {
		o.AuthorizationToken = env("AWS_CONTAINER_AUTHORIZATION_TOKEN")
		if file := env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); file != "" { // it is replaced from time to time
			o.AuthorizationTokenProvider = endpointcreds.TokenProviderFunc(func() (string, error) {
				text, err := os.ReadFile(file)
				return string(text), err
			})
		}
	}
}

func profile(c Config) string {
	if name := c.Env("AWS_PROFILE"); name != "" {
		return name
	}
	return "default"
}

// regionOf is the region: of the URL, of a variable, of the profile.
func regionOf(c Config) string {
	for _, region := range []string{c.Region, c.Env("AWS_REGION"), c.Env("AWS_DEFAULT_REGION")} {
		if region != "" {
			return region
		}
	}
	file := c.Env("AWS_CONFIG_FILE")
	if file == "" && c.Home != "" {
		file = filepath.Join(c.Home, ".aws", "config")
	}
	if text, err := os.ReadFile(file); err == nil {
		for _, section := range []string{"profile " + profile(c), profile(c)} {
			if region := credential.Parse(text, section)["region"]; region != "" {
				return region
			}
		}
	}
	return "us-east-1"
}

// authorities are those of a file with certificates, nil without one.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("AWS_CA_BUNDLE: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New("AWS_CA_BUNDLE holds no certificate")
	}
	return pool, nil
}

// named makes a missing key recognizable among other failures.
type named struct{ aws.CredentialsProvider }

type keyError struct{ error }

func (e keyError) Unwrap() error { return e.error }

func (n named) Retrieve(ctx context.Context) (aws.Credentials, error) {
	c, err := n.CredentialsProvider.Retrieve(ctx)
	if err != nil {
		err = keyError{err}
	}
	return c, err
}
