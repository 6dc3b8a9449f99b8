package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** The engine behind {@code Sessions}: opens scopes, sweeps now and then. */
public final class Engine {
    /** How late a store forgets, and a sweep takes away, what has expired: clocks of nodes differ. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private static final int CREATES_PER_SWEEP = 64;
    private static final int RECORDS_PER_SWEEP = 100;

    private final EngineSettings settings;
    private final Vault vault;
    private final Optional<ExpirySweep> sweep;
    private final AtomicLong created = new AtomicLong();
    private volatile boolean sweptOnSchedule;

    private Engine(EngineSettings settings, Pacer pacer) {
        this.settings = settings;
        this.vault = new Vault(settings, pacer);
        this.sweep = settings.store.expirySweep();
    }

    /**
     * An engine in real time.
     *
     * @param settings the configuration
     * @return the engine
     */
    public static Engine of(EngineSettings settings) {
        return new Engine(settings, Pacer.REAL);
    }

    /**
     * An engine that waits as it is told, for proofs.
     *
     * @param settings the configuration
     * @param pacer how it waits
     * @return the engine
     */
    public static Engine of(EngineSettings settings, Pacer pacer) {
        return new Engine(settings, pacer);
    }

    /**
     * Opens the scope of a request; no I/O.
     *
     * @param exchange the request
     * @return the scope
     */
    public SessionScope open(Exchange exchange) {
        return new RequestScope(this, exchange);
    }

    Client client(Exchange exchange, Events events) {
        return new Client(settings, exchange, events);
    }

    Events events() {
        return new Events(settings.listener);
    }

    LiveSession session(Events events, Client client) {
        return new LiveSession(settings, vault, events, client);
    }

    /** Whether an option asks for a store call even where no handler does. */
    boolean loadsEverySession() {
        return settings.saveUninitialized || settings.resave || settings.rolling;
    }

    /**
     * Sweeps because the application says so; sweeping within requests ends.
     *
     * @param limit how many records at most
     * @return how many were taken away
     */
    public int sweepOnSchedule(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a sweep takes at least 1 session away, not " + limit);
        }
        sweptOnSchedule = true;
        return sweep(limit);
    }

    /** Counts new records; now and then that sweeps, so that no store grows for ever. */
    void storedNewRecord() {
        if (sweep.isEmpty() || sweptOnSchedule || created.incrementAndGet() % CREATES_PER_SWEEP != 0) {
            return;
        }
        if (settings.executor == null) {
            sweepQuietly();
            return;
        }
        try {
            settings.executor.execute(this::sweepQuietly);
        } catch (RejectedExecutionException e) {
            Events.logger()
                    .log(Level.WARNING, "the executor refused to sweep expired sessions; the next sweep will", e);
        }
    }

    private void sweepQuietly() {
        try {
            sweep(RECORDS_PER_SWEEP);
        } catch (RuntimeException e) {
            Events.tell(settings.listener, heard -> heard.storeAway(e));
        }
    }

    private int sweep(int limit) {
        return sweep.map(each -> each.sweep(vault.now().minus(GRACE), limit, this::tellExpired))
                .orElse(0);
    }

    private void tellExpired(StoreKey key, StoredSession stored) {
        SessionRecord record;
        try {
            record = settings.records.read(stored);
        } catch (UnreadableRecordException e) {
            return;
        }
        if (!record.isRetired()) {
            SessionInfo info = new SessionInfo(
                    Ids.handle(key),
                    record.subject(),
                    record.createdAt(),
                    settings.deadlines.end(stored.expiresAt(), record));
            Timeout cause = info.expiresAt().isBefore(stored.expiresAt()) ? Timeout.ABSOLUTE : Timeout.IDLE;
            Events.tell(settings.listener, heard -> heard.expired(info, cause));
        }
    }
}
