package odootest

// databases answers the service db, which tells every database's name.
func (s *Server) databases(name string) (any, error) {
	switch name {
	case "list":
		return []any{s.DB()}, nil
	case "server_version":
		return s.series.name(), nil
	}
	return nil, AccessDenied()
}

// common answers the service common.
func (s *Server) common(address, name string, params []any) (any, error) {
	switch name {
	case "version":
		return dict{
			{"server_version", s.series.name()}, {"server_version_info", s.series.info()},
			{"server_serie", s.series.name()}, {"protocol_version", int64(1)},
		}, nil
	case "authenticate", "login":
		want := 4
		if name == "login" {
			want = 3
		}
		if len(params) != want {
			return nil, raise("TypeError", "exp_%s() takes %d positional arguments but %d were given", name, want, len(params))
		}
		if err := s.checkDB(params[0]); err != nil {
			return nil, err
		}
		login, _ := params[1].(string)
		secret, _ := params[2].(string)
		user, err := s.login(address, login, secret)
		if err != nil {
			return false, nil // a refusal is no exception here, not even the brake
		}
		return user.id, nil
	}
	return nil, raise("Exception", "Method not found: %s", name)
}

func (s *Server) checkDB(v any) error {
	name, _ := v.(string)
	if name == s.DB() {
		return nil
	}
	host := ""
	if s.series >= v17 {
		host = `connection to server at "127.0.0.1", port 5432 failed: `
	}
	return &Exception{classOperationalError, host + `FATAL:  database "` + name + "\" does not exist\n"}
}
