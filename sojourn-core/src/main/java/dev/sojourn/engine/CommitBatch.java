package dev.sojourn.engine;

import dev.sojourn.spi.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * The commits of one session that one request saves in one write: its own, and those that wait behind it.
 *
 * <p>A function of the application that one of them holds may be slow. The others do not suffer for it: until the write
 * begins their requests may take them back, and a slow function that is not the saving request's own is run by it once at
 * most.
 */
final class CommitBatch {
    private final CommitLine line;
    private final Commit own;
    private final RetryPacer pacer;
    private List<Commit> open;
    private long nanosForOthers;

    CommitBatch(CommitLine line, List<Commit> commits, RetryPacer pacer) {
        this.line = line;
        this.own = commits.get(0);
        this.open = commits;
        this.pacer = pacer;
    }

    /** What the commit that came last had loaded. */
    RecordSnapshot latestBase() {
        return open.get(open.size() - 1).base;
    }

    /** Whether all have loaded this version. */
    boolean isBasedOn(long version) {
        return open.stream().allMatch(each -> each.base.version() == version);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /**
     * Applies each commit to what the one before it left. One that fails fails alone.
     *
     * @param checked gives the record after a commit if it may be stored in the place of the one before, and throws if not
     */
    SessionRecord applyTo(SessionRecord start, BinaryOperator<SessionRecord> checked) {
        SessionRecord record = start;
        List<Commit> applied = new ArrayList<>(open.size());
        for (Commit commit : open) {
            boolean leftToItsRequest = commit != own && commit.nanosToApply() > CommitLine.SLOW_NANOS;
            if (leftToItsRequest || !commit.beginToApply()) {
                continue;
            }
            try {
                long began = commit.runsFunctions() ? pacer.nanoTime() : 0;
                SessionRecord next = checked.apply(record, changed(commit, record));
                if (commit.applied(commit.runsFunctions() ? took(commit, began) : 0)) {
                    record = next;
                    applied.add(commit);
                }
            } catch (RuntimeException | Error e) {
                commit.fail(e);
            }
        }
        open = applied;
        return record;
    }

    private SessionRecord changed(Commit commit, SessionRecord record) {
        return commit.runsFunctions() ? line.inFunction(() -> commit.on(record)) : commit.on(record);
    }

    private long took(Commit commit, long began) {
        long nanos = pacer.nanoTime() - began;
        if (commit != own && nanos > CommitLine.SLOW_NANOS) {
            nanosForOthers += nanos;
        }
        return nanos;
    }

    /** How long slow functions of others have kept the request that saves. */
    long nanosForOthers() {
        return nanosForOthers;
    }

    /** The same of its own one. */
    long nanosForItself() {
        return own.nanosToApply();
    }

    /**
     * Settles which commits are written. False if one was taken back since it was applied: then the others are to be applied
     * anew.
     */
    boolean seal() {
        List<Commit> sealed = new ArrayList<>(open.size());
        for (Commit commit : open) {
            if (commit.seal()) {
                sealed.add(commit);
            }
        }
        if (sealed.size() < open.size()) {
            sealed.forEach(Commit::reopen);
            open = sealed;
            return false;
        }
        line.isNow(CommitLine.Doing.STORE);
        return true;
    }

    /** They were not written: another node was faster. */
    void reopen() {
        line.isNow(CommitLine.Doing.OTHER);
        open.forEach(Commit::reopen);
    }

    void saved(RecordSnapshot snapshot, boolean written) {
        open.forEach(each -> each.saved(snapshot, written));
    }

    void finish(Commit.Result became) {
        open.forEach(each -> each.finish(became));
    }

    /** The request that saves gives up, and it alone: the next one in the line goes on with the others. */
    void giveUp(RuntimeException because) {
        own.fail(because);
        open.stream().filter(each -> each != own).forEach(line::add);
    }

    /** Whoever waits must hear of it: nobody else will finish them. */
    void fail(Throwable because) {
        open.forEach(each -> each.fail(because));
    }
}
