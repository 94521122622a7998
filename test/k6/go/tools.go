//go:build tools

// Package tools pins the version of k6 that the project's load tests run on.
package tools

import _ "go.k6.io/k6/v2"
