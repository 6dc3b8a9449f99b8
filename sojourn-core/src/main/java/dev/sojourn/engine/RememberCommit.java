package dev.sojourn.engine;

import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.SessionState.Condemned;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Remember;
import dev.sojourn.spi.StoreKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
        CommitOutcome.Created created = records.createBrowser(
                browser.settings().browserOf(view.live().snapshot().record()), settings.ids.get(), events);
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
     * Ends the browser that a session was of before a save: it has another user now, or none, or begins another browser.
     *
     * @param before the session's record before; null if there was none
     * @param intent what was done with the id
     */
    void endFormer(@Nullable SessionRecord before, Intent intent) {
        StoreKey former = RememberSettings.browserKey(before);
        StoreKey now = RememberSettings.browserKey(view.record());
        if (former != null && !Objects.equals(now, former)) {
            ends.load(former, events).ifPresent(found -> end(found, DestroyReason.REPLACED, Set.of()));
        }
        RememberClient cookie = client.remember();
        boolean isNew = now != null && !Objects.equals(former, now);
        boolean mayBeOfAnother = intent == Intent.LOGIN || intent == Intent.REGENERATE || isNew;
        StoreKey inCookie = cookie != null && mayBeOfAnother ? cookie.browser() : null;
        if (inCookie == null || Objects.equals(former, inCookie) || Objects.equals(now, inCookie)) {
            return;
        }
        String user = view.subject();
        ends.load(inCookie, events)
                .filter(found -> isNew || !Objects.equals(found.record().subject(), user))
                .ifPresent(found -> end(found, DestroyReason.REPLACED, Set.of()));
    }

    private void end(RecordSnapshot browser, DestroyReason reason, Set<StoreKey> stay) {
        ends.end(
                browser,
                stay::contains,
                removed -> {
                    noteEnded(removed.key());
                    removed.report(settings, reason, events);
                },
                events);
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
