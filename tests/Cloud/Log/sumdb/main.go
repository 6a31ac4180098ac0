// Reads the log of a cloud by golang.org/x/mod/sumdb, a program that shares no line with it: checkpoints, cosignatures, tiles, entries, proofs.
//
//	sumdb URL LOG_VKEY OLD_CHECKPOINT_FILE PROOF_FILE ENTRY_FILE WITNESS_VKEY...
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// cosigner verifies cosignature/v1 (c2sp.org/tlog-cosignature).
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a vkey")
	}
	id, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, errors.New("not a cosigner's vkey")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if binary.BigEndian.Uint32(sum[:]) != uint32(id) {
		return nil, errors.New("another key id")
	}
	return cosigner{parts[0], uint32(id), key[1:]}, nil
}

// tiles reads over HTTP; path and bytes of a tile may be altered on the way.
type tiles struct {
	url    string
	tamper bool
}

func (t *tiles) Height() int                                { return 8 }
func (t *tiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := get(t.url + "/" + strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		if t.tamper {
			data[len(data)/2] ^= 1
		}
		all = append(all, data)
	}
	return all, nil
}

func get(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(response.Body)
}

func must(err error, what string) {
	if err != nil {
		fmt.Println("FAILED", what+":", err)
		os.Exit(1)
	}
	fmt.Println("ok", what)
}

func check(ok bool, what string) {
	var err error
	if !ok {
		err = errors.New("no")
	}
	must(err, what)
}

func open(msg []byte, known note.Verifiers) (tlog.Tree, *note.Note, error) {
	opened, err := note.Open(msg, known)
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 {
		return tlog.Tree{}, nil, errors.New("a checkpoint has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, opened, err
}

func main() {
	url, vkey := os.Args[1]+"/log", os.Args[2]
	log, err := note.NewVerifier(vkey)
	must(err, "the log's key")
	verifiers := []note.Verifier{log}
	for _, witness := range os.Args[6:] {
		verifier, err := newCosigner(witness)
		must(err, "a witness's key")
		verifiers = append(verifiers, verifier)
	}
	known := note.VerifierList(verifiers...)

	// The checkpoint, signed by the log and cosigned.
	msg, err := get(url + "/checkpoint")
	must(err, "the checkpoint")
	tree, opened, err := open(msg, known)
	must(err, "the checkpoint's signatures")
	check(opened.Sigs[0].Name == log.Name() && strings.HasPrefix(opened.Text, log.Name()+"\n"), "the log's signature and origin")
	check(len(opened.Sigs) >= 1+2, "two cosignatures")
	altered := bytes.Replace(msg, []byte(fmt.Sprintf("\n%d\n", tree.N)), []byte(fmt.Sprintf("\n%d\n", tree.N+1)), 1)
	_, err = note.Open(altered, known)
	check(err != nil, "an altered checkpoint is refused")

	// Every entry is in the tree, where the log says.
	reader := tlog.TileHashReader(tree, &tiles{url: url})
	for first := int64(0); first < tree.N; first += 256 {
		width := int(tree.N - first)
		if width > 256 {
			width = 256
		}
		path := tlog.Tile{H: 8, L: 0, N: first / 256, W: width}.Path()
		bundle, err := get(url + "/" + strings.Replace(path, "tile/8/0/", "tile/entries/", 1))
		if err != nil {
			must(err, "a bundle of entries")
		}
		for i := int64(0); i < int64(width); i++ {
			size := int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2 : 2+size]
			bundle = bundle[2+size:]
			proof, err := tlog.ProveRecord(tree.N, first+i, reader)
			if err != nil || tlog.CheckRecord(proof, tree.N, tree.Hash, first+i, tlog.RecordHash(entry)) != nil {
				must(fmt.Errorf("entry %d: %v", first+i, err), "inclusion")
			}
		}
		if len(bundle) != 0 {
			must(errors.New("bytes behind the last entry"), "a bundle of entries")
		}
	}
	check(tree.N > 512, "inclusion of all entries of more than two full tiles")

	// It has only grown.
	before, err := os.ReadFile(os.Args[3])
	must(err, "a checkpoint of before")
	old, _, err := open(before, known)
	must(err, "its signatures")
	proof, err := tlog.ProveTree(tree.N, old.N, reader)
	must(err, "a consistency proof")
	check(old.N > 0 && old.N < tree.N, "two different sizes")
	must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash), "consistency")
	other := old.Hash
	other[0] ^= 1
	check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, other) != nil, "another old tree is refused")

	// A tile that was tampered with.
	_, err = tlog.ProveRecord(tree.N, 0, tlog.TileHashReader(tree, &tiles{url: url, tamper: true}))
	check(err != nil, "a tampered tile is refused")

	// A .tlog-proof (c2sp.org/tlog-proof).
	text, err := os.ReadFile(os.Args[4])
	must(err, "a proof")
	entry, err := os.ReadFile(os.Args[5])
	must(err, "its entry")
	end := bytes.Index(text, []byte("\n\n"))
	lines := strings.Split(string(text[:end]), "\n")
	check(lines[0] == "c2sp.org/tlog-proof@v1" && strings.HasPrefix(lines[1], "index "), "the proof's first lines")
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	must(err, "the proof's index")
	var hashes tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			must(err, "the proof's hashes")
		}
		hashes = append(hashes, hash)
	}
	head, opened, err := open(text[end+2:], known)
	must(err, "the proof's checkpoint")
	check(len(opened.Sigs) >= 1+2, "the proof's cosignatures")
	must(tlog.CheckRecord(hashes, head.N, head.Hash, index, tlog.RecordHash(entry)), "the proof's inclusion")
	check(tlog.CheckRecord(hashes, head.N, head.Hash, index, tlog.RecordHash(append(entry, 0))) != nil, "another entry is refused")
}
