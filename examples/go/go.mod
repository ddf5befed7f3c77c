module example.com/portend-examples

go 1.19

require github.com/portend/portend/bindings/go v1.0.0

replace github.com/portend/portend/bindings/go => ../../bindings/go
