package store

import "context"

// OpenAt opens a database as a gateway did that knew no migration after a version.
func OpenAt(ctx context.Context, name string, version int64) (*DB, error) {
	db, err := connect(Config{Database: name})
	if err != nil {
		return nil, err
	}
	provider, err := db.provider()
	if err != nil {
		return nil, err
	}
	_, err = provider.UpTo(ctx, version)
	return db, err
}

// Connect opens a database and leaves its tables alone.
func Connect(name string) (*DB, error) { return connect(Config{Database: name}) }
