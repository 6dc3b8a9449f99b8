package dev.sojourn.engine;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.util.Optional;

/**
 * Encrypts records before they reach the store, and decrypts what it returns. Records that are not encrypted are read as they
 * are. What was encrypted with a secret that this node lacks is returned as it is, and {@link ConfirmingStore} refuses it; what
 * was tampered with is unreadable.
 *
 * <p>Only payloads change. Key, version, expiry and subject stay, and a touch leaves the payload as it is.
 */
final class EncryptingStore extends ForwardingStore {
    private final SessionStore store;
    private final RecordCipher cipher;
    private final boolean encrypts;

    /** @param encrypts whether records are encrypted; otherwise they are only decrypted */
    EncryptingStore(SessionStore store, RecordCipher cipher, boolean encrypts) {
        this.store = store;
        this.cipher = cipher;
        this.encrypts = encrypts;
    }

    @Override
    protected SessionStore store() {
        return store;
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return super.load(key).map(found -> cipher.decrypt(key, found));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return super.create(key, encrypt(key, session));
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return decrypted(key, super.compareAndSet(key, expected, encrypt(key, replacement)));
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return decrypted(key, super.delete(key, expected));
    }

    @Override
    public Optional<ExpirySweep> expirySweep() {
        return super.expirySweep()
                .map(sweep -> (expiredBefore, limit, deliver) -> sweep.sweep(
                        expiredBefore, limit, (key, found) -> deliver.accept(key, cipher.decrypt(key, found))));
    }

    private StoredSession encrypt(StoreKey key, StoredSession plain) {
        return encrypts ? cipher.encrypt(key, plain) : plain;
    }

    private Outcome decrypted(StoreKey key, Outcome outcome) {
        return outcome instanceof Outcome.Lost lost && lost.current().isPresent()
                ? Outcome.lost(cipher.decrypt(key, lost.current().get()))
                : outcome;
    }
}
