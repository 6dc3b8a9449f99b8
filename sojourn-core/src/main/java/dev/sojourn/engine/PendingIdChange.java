package dev.sojourn.engine;

import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.SessionRecords.IfLost;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a handler asked of the session's id, to be carried out at the commit; later wishes build on earlier ones. */
final class PendingIdChange {
    private final SessionRecords vault;
    private Intent intent = Intent.KEEP;
    private @Nullable String drawn;
    private @Nullable String subject;
    private boolean startsEmpty;
    private int checkedAt;
    private @Nullable Instant begun;

    PendingIdChange(SessionRecords vault) {
        this.vault = vault;
    }

    /** Another id each time, also where the one before was drawn in this request and told by its handle. */
    void changeId() {
        if (intent == Intent.KEEP) {
            intent = Intent.CHANGE_ID;
        }
        drawAnother();
    }

    void regenerate() {
        intent = Intent.REGENERATE;
        startsEmpty = true;
        subject = null;
        draw();
    }

    /**
     * The session is to belong to a user.
     *
     * @param user who it is
     * @param changesBefore how many changes were made before the credentials were checked
     */
    void login(String user, int changesBefore) {
        intent = Intent.LOGIN;
        subject = user;
        checkedAt = changesBefore;
        draw();
    }

    /** When the next new record begins: drawn once, so that what is told before is what is stored. */
    Instant begun() {
        if (begun == null) {
            begun = vault.now();
        }
        return begun;
    }

    /** A session begins in the place of one that there was already. */
    void beginAnew() {
        begun = vault.now();
    }

    void forget() {
        begun = null;
        intent = Intent.KEEP;
        drawn = null;
        subject = null;
        startsEmpty = false;
        checkedAt = 0;
    }

    Intent intent() {
        return intent;
    }

    /** Whether the new record begins without what the old one holds. */
    boolean startsEmpty() {
        return startsEmpty;
    }

    /** Whether these wishes, not the record, say whom the session belongs to. */
    boolean decidesSubject() {
        return intent == Intent.LOGIN || startsEmpty;
    }

    @Nullable
    String subject() {
        return subject;
    }

    int checkedAt() {
        return checkedAt;
    }

    boolean isDrawn() {
        return drawn != null;
    }

    /** The id that the next new record is to be stored under: drawn once, so that its handle can be told before. */
    String draw() {
        if (drawn == null) {
            drawn = vault.newId();
        }
        return drawn;
    }

    /** Gives up an id that a record was stored under which nobody may come to know. */
    void drawAnother() {
        drawn = vault.newId();
    }

    /** A new session that nothing of the old one went into may outlive it. */
    IfLost ifLost() {
        if (!startsEmpty) {
            return IfLost.REMOVE;
        }
        return intent == Intent.LOGIN ? IfLost.STAY : IfLost.STAY_IF_ENDED;
    }
}
