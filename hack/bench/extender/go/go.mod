module lowtide.dev/hack/bench/extender

go 1.24
