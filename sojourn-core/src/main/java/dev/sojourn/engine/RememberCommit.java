package dev.sojourn.engine;

import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.engine.SessionRecords.Removed;
import dev.sojourn.engine.SessionState.Condemned;
import dev.sojourn.engine.SessionState.Live;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Remember;
import dev.sojourn.spi.StoreKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a commit does with the browsers that are remembered: begins one, and ends those of a session that ends or changes its
 * user. Only a request that has to do with one creates it. Not thread-safe.
 */
final class RememberCommit {
    private final EngineSettings settings;
    private final SessionRecords records;
    private final RememberEnd ends;
    private final EventBuffer events;
    private final ClientToken client;
    private final RequestView view;

    RememberCommit(
            EngineSettings settings,
            SessionRecords records,
            RememberEnd ends,
            EventBuffer events,
            ClientToken client,
            RequestView view) {
        this.settings = settings;
        this.records = records;
        this.ends = ends;
        this.events = events;
        this.client = client;
        this.view = view;
    }

    /** Throws if the client could not be given the cookie. */
    void checkDeliverable() {
        browser().undeliverable().ifPresent(reason -> {
            throw new SessionUndeliverableException("this browser cannot be remembered: " + reason);
        });
    }

    /**
     * Has the client's browser remembered, once its session is stored: stores the browser's record, then names it in the
     * session's. The second write decides. If the session has ended in the meantime, the browser is not remembered.
     *
     * @param save saves the session's changes
     */
    void remember(Runnable save) {
        RememberClient browser = browser();
        CommitOutcome.Created created =
                records.createBrowser(browser.settings().browserOf(view.live().snapshot()), settings.ids.get(), events);
        RecordSnapshot snapshot = created.snapshot();
        AttributeChange.Link link = new AttributeChange.Link(Remember.signedIn(snapshot.key()));
        view.attributes().link(link);
        try {
            save.run();
        } catch (RuntimeException | Error e) {
            view.attributes().forget(link);
            records.removeUnpublished(snapshot, events);
            throw e;
        }
        if (Objects.equals(RememberSettings.browserKey(view.record()), snapshot.key())) {
            browser.give(created.id(), snapshot);
        } else {
            records.removeUnpublished(snapshot, events);
        }
    }

    private RememberClient browser() {
        return Objects.requireNonNull(client.remember(), "this application remembers browsers");
    }

    /** Ends the browsers of a session that the handler has destroyed: before the session, so that none signs in again. */
    void endAtLogout(List<RecordSnapshot> rivals) {
        Set<StoreKey> browsers = new LinkedHashSet<>();
        Set<StoreKey> sessions = new LinkedHashSet<>();
        if (view.state() instanceof Condemned condemned) {
            add(condemned.session().snapshot(), browsers, sessions);
        }
        rivals.forEach(rival -> add(rival, browsers, sessions));
        RememberClient cookie = client.remember();
        if (cookie != null && cookie.browser() != null) {
            browsers.add(cookie.browser());
        }
        for (StoreKey browser : browsers) {
            ends.load(browser, events).ifPresent(found -> end(found, DestroyReason.DESTROYED, sessions));
        }
    }

    private static void add(RecordSnapshot session, Set<StoreKey> browsers, Set<StoreKey> sessions) {
        sessions.add(session.key());
        StoreKey browser = RememberSettings.browserKey(session.record());
        if (browser != null) {
            browsers.add(browser);
        }
    }

    /**
     * Ends the browsers of another user than the one whom the session is about to have, or any if it is to have none. The
     * session itself stays until it is replaced.
     */
    void endOfFormerUser() {
        Set<StoreKey> browsers = new LinkedHashSet<>();
        Set<StoreKey> sessions = new LinkedHashSet<>();
        if (view.state() instanceof Live live) {
            add(live.snapshot(), browsers, sessions);
        }
        RememberClient cookie = client.remember();
        if (cookie != null && cookie.browser() != null) {
            browsers.add(cookie.browser());
        }
        String next = view.idChange().subject();
        for (StoreKey browser : browsers) {
            ends.load(browser, events)
                    .filter(found -> !Objects.equals(found.record().subject(), next))
                    .ifPresent(found -> end(found, DestroyReason.REPLACED, sessions));
        }
    }

    /**
     * Ends the browser that a session was of before a save, and that of the cookie, if the same user now has another one, or
     * none.
     *
     * @param before the session's record before; null if there was none
     */
    void endFormer(@Nullable SessionRecord before) {
        StoreKey former = RememberSettings.browserKey(before);
        StoreKey now = RememberSettings.browserKey(view.record());
        Set<StoreKey> replaced = new LinkedHashSet<>();
        if (before != null && former != null && Objects.equals(before.subject(), view.subject())) {
            replaced.add(former);
        }
        RememberClient cookie = client.remember();
        if (cookie != null && cookie.browser() != null && now != null && !Objects.equals(former, now)) {
            replaced.add(cookie.browser());
        }
        for (StoreKey browser : replaced) {
            if (!Objects.equals(browser, now)) {
                ends.load(browser, events).ifPresent(found -> end(found, DestroyReason.REPLACED, Set.of()));
            }
        }
    }

    /**
     * Ends the browser that another request has begun for a session since this one read it, after this one has ended the
     * session or given it to another user.
     *
     * @param known the session as this request has read it
     * @param last the session as it was at its end; null if that cannot be read
     */
    void endLinkedSince(SessionRecord known, @Nullable SessionRecord last, DestroyReason reason) {
        ends.endLinkedSince(known, last, whenEnded(reason), events);
    }

    private void end(RecordSnapshot browser, DestroyReason reason, Set<StoreKey> stay) {
        ends.end(browser, stay::contains, whenEnded(reason), events);
    }

    private Consumer<Removed> whenEnded(DestroyReason reason) {
        return removed -> {
            noteEnded(removed.key());
            removed.report(settings, reason, events);
        };
    }

    /** At once: the browser's record is gone even if a session of it cannot be ended. */
    private void noteEnded(StoreKey ended) {
        client.notePartSaved();
        RememberClient cookie = client.remember();
        if (cookie != null) {
            cookie.forget(ended);
        }
    }
}
