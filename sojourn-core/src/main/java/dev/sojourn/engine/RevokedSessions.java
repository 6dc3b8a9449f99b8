package dev.sojourn.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ends sealed sessions by revocations, which every node reads. */
final class RevokedSessions implements EndedSessions {
    private final RevocationList list;

    private RevokedSessions(RevocationList list) {
        this.list = list;
    }

    /** Mounts a list for sessions of a longest lifetime. */
    static RevokedSessions in(RevocationList list, Duration longest) {
        list.requireLifetime(longest);
        return new RevokedSessions(list);
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public boolean isLookupBlocking(SealedRecord session) {
        String subject = session.record().subject();
        return subject == null ? list.mayBlock() : list.mayBlock(subject, session.tag());
    }

    @Override
    public boolean isEnded(SealedRecord session, ViewRefresh refresh) {
        String subject = session.record().subject();
        return list.isRevoked(session.id(), refresh)
                || (subject != null && !list.isTagCurrent(subject, session.tag(), refresh, () -> {}));
    }

    @Override
    public @Nullable String tagOf(String subject) {
        return list.freshTag(subject);
    }

    @Override
    public void end(String id, @Nullable Instant until) {
        list.revoke(id, Objects.requireNonNull(until, "revocations need an absolute timeout"));
    }
}
