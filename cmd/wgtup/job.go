package main

// job is the CI job that publishes: a name and a number, no address, since it
// becomes public.
func (u *ui) job() string {
	switch {
	case u.env("WGTUP_JOB") != "":
		return u.env("WGTUP_JOB")
	case u.env("CI_JOB_ID") != "":
		return "gitlab " + u.env("CI_JOB_ID")
	case u.env("GITHUB_RUN_ID") != "":
		return "github " + u.env("GITHUB_RUN_ID")
	case u.env("BUILD_TAG") != "":
		return "jenkins " + u.env("BUILD_TAG")
	}
	return ""
}
