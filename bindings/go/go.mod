module github.com/portend/portend/bindings/go

go 1.19
