// SPDX-License-Identifier: MIT

package portend

import "github.com/portend/portend/bindings/go/internal/native"

// Finder is a search for ports with its options. The zero value has none.
type Finder struct {
	// Host is where to bind the port: an address or a name of this machine, or
	// "" for the whole machine.
	Host string
	// First and Last are the ports to choose from; by default, those that the
	// system assigns by itself.
	First, Last int
	// From is where the search starts: it finds the first port from there on that can be bound.
	From int
	// Name is the purpose of the port, such as a project: the same name gives the same
	// port on every machine, or the next one that can be bound.
	Name string
	// Consecutive makes FindMany and ReserveMany find adjacent ports.
	Consecutive bool
	// BrowserSafe excludes the ports that browsers refuse to fetch from.
	BrowserSafe bool
	// Prefer are ports to try first, in this order, inside the range or not.
	Prefer []int
	// OnlyPreferred excludes all ports that are not in Prefer.
	OnlyPreferred bool
	// Exclude are ports that are never found.
	Exclude []int
	// Family selects the addresses of the host.
	Family Family
	// UDP also requires the port to be free for UDP.
	UDP bool
	// AvoidEphemeral chooses, if no range is set, from the ports that the system does
	// not assign by itself.
	AvoidEphemeral bool
	// NoPortServer does not ask the port server of PORTSERVER_ADDRESS.
	NoPortServer bool
}

// FindPort finds a port that can be bound now on a host of this machine; "" is all of it.
// Another program may bind it first; [Reserve] prevents that.
func FindPort(host string) (int, error) { return Finder{Host: host}.Find() }

// ReturnPort returns a port that a search found and that its server does not use any more, so that
// a later search may find it again at once. A port server takes no port back before this process
// has ended: its port is kept for this process, and found again before the port server is asked.
// A port that was found by its number is not passed over any more. Other ports need no return.
func ReturnPort(port int) error {
	at := place{port: port}
	if err := checkPort(at); err != nil {
		return err
	}
	return onThread(at, func() int { return native.Return_port(port) })
}

// Find finds a port that can be bound now. It fails with [ErrNoPort] if no port matches.
func (f Finder) Find() (int, error) {
	ports, err := f.FindMany(1)
	if err != nil {
		return 0, err
	}
	return ports[0], nil
}

// FindMany finds several distinct ports.
func (f Finder) FindMany(count int) ([]int, error) {
	finder, err := f.open()
	if err != nil {
		return nil, err
	}
	defer native.DeleteFinder(finder)
	found := native.NewPorts(count)
	defer native.DeletePorts(found)
	if err := f.check(finder, finder.Find(found)); err != nil {
		return nil, err
	}
	ports := make([]int, count)
	for index := range ports {
		ports[index] = found.At(index)
	}
	return ports, nil
}

// Reserve reserves a port until the reservation is closed; see [Reservation].
func (f Finder) Reserve() (*Reservation, error) {
	finder, err := f.open()
	if err != nil {
		return nil, err
	}
	defer native.DeleteFinder(finder)
	held := native.NewReservation()
	if err := f.check(finder, held.Create(finder)); err != nil {
		native.DeleteReservation(held)
		return nil, err
	}
	return newReservation(held), nil
}

// ReserveMany reserves several ports in one search: all, or none.
func (f Finder) ReserveMany(count int) ([]*Reservation, error) {
	finder, err := f.open()
	if err != nil {
		return nil, err
	}
	defer native.DeleteFinder(finder)
	several := native.NewReservations(count)
	defer native.DeleteReservations(several)
	if err := f.check(finder, several.Create(finder)); err != nil {
		return nil, err
	}
	reservations := make([]*Reservation, count)
	for index := range reservations {
		held := native.NewReservation()
		held.Take(several, index)
		reservations[index] = newReservation(held)
	}
	return reservations, nil
}

// open creates the native finder with these options.
func (f Finder) open() (native.Finder, error) {
	if err := f.checkPorts(); err != nil {
		return nil, err
	}
	finder := native.NewFinder()
	if err := f.tell(finder); err != nil {
		native.DeleteFinder(finder)
		return nil, err
	}
	return finder, nil
}

func (f Finder) tell(finder native.Finder) (err error) {
	note := func(status int) {
		if err == nil {
			err = f.check(finder, status)
		}
	}
	note(finder.Set_host(f.Host))
	note(finder.Set_family(int(f.Family)))
	if f.First != 0 || f.Last != 0 {
		note(finder.Set_range(f.First, f.Last))
	}
	if f.From != 0 {
		note(finder.Set_from(f.From))
	}
	if f.Name != "" {
		note(finder.Set_name(f.Name))
	}
	for _, port := range f.Prefer {
		note(finder.Add_preferred(port, port))
	}
	for _, port := range f.Exclude {
		note(finder.Add_excluded(port, port))
	}
	note(finder.Set_only_preferred(flag(f.OnlyPreferred)))
	note(finder.Set_consecutive(flag(f.Consecutive)))
	note(finder.Set_browser_safe(flag(f.BrowserSafe)))
	note(finder.Set_udp(flag(f.UDP)))
	note(finder.Set_avoid_ephemeral(flag(f.AvoidEphemeral)))
	note(finder.Set_port_server(flag(!f.NoPortServer)))
	return err
}

// checkPorts refuses numbers that an int of C cannot represent.
func (f Finder) checkPorts() error {
	for _, ports := range [][]int{f.Prefer, f.Exclude} {
		for _, port := range ports {
			if err := checkPort(place{f.Host, port}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f Finder) check(finder native.Finder, status int) error {
	return failure(status, place{host: f.Host}, finder.Message, finder.Errno)
}
