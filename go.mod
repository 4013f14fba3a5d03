module wgtup

go 1.26.0
