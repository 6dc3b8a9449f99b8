package dev.sojourn.engine;

import dev.sojourn.spi.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * The commits of one session that one request saves in one write: its own, and those that wait behind it.
 *
 * <p>A function of the application in one of them may be slow. That does not delay the other requests: until the write begins
 * they may withdraw their commits, and the saving request runs a slow function that is not its own at most once.
 */
final class CommitBatch {
    private final CommitQueue queue;
    private final Commit own;
    private final RetryPacer pacer;
    private List<Commit> open;
    private long nanosForOthers;

    CommitBatch(CommitQueue queue, List<Commit> commits, RetryPacer pacer) {
        this.queue = queue;
        this.own = commits.get(0);
        this.open = commits;
        this.pacer = pacer;
    }

    /** Returns the record that the last commit has loaded. */
    RecordSnapshot latestBase() {
        return open.get(open.size() - 1).base;
    }

    /** Whether all commits have loaded this version. */
    boolean isBasedOn(long version) {
        return open.stream().allMatch(each -> each.base.version() == version);
    }

    /** Returns whether the write counts as use of the session: it does if one of the commits does. */
    AccessKind access() {
        return open.stream().allMatch(each -> each.access == AccessKind.QUIET) ? AccessKind.QUIET : AccessKind.USE;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /**
     * Applies each commit to the result of the one before it. One that fails does not affect the rest.
     *
     * @param check returns the record after a commit if it may replace the record before it; else throws
     */
    SessionRecord applyTo(SessionRecord start, BinaryOperator<SessionRecord> check) {
        SessionRecord record = start;
        List<Commit> applied = new ArrayList<>(open.size());
        for (Commit commit : open) {
            boolean leftToItsRequest = commit != own && commit.nanosToApply() > CommitQueue.SLOW_NANOS;
            if (leftToItsRequest || !commit.startApplying()) {
                continue;
            }
            try {
                long began = commit.runsFunctions() ? pacer.nanoTime() : 0;
                SessionRecord next = check.apply(record, apply(commit, record));
                if (commit.finishApplying(commit.runsFunctions() ? nanosSince(began, commit) : 0)) {
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

    private SessionRecord apply(Commit commit, SessionRecord record) {
        return commit.runsFunctions() ? queue.inFunction(() -> commit.applyTo(record)) : commit.applyTo(record);
    }

    private long nanosSince(long began, Commit commit) {
        long nanos = pacer.nanoTime() - began;
        if (commit != own && nanos > CommitQueue.SLOW_NANOS) {
            nanosForOthers += nanos;
        }
        return nanos;
    }

    /** Returns how long slow functions of other requests have delayed the saving request. */
    long nanosForOthers() {
        return nanosForOthers;
    }

    /** Returns how long its own functions have delayed it. */
    long nanosForItself() {
        return own.nanosToApply();
    }

    /**
     * Fixes which commits are written. Returns false if one was withdrawn after it was applied: then the rest has to be
     * applied again.
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
        queue.setActivity(CommitQueue.Activity.STORE_CALL);
        return true;
    }

    /** Makes the commits ready to be applied again, because another node was faster. */
    void reopen() {
        queue.setActivity(CommitQueue.Activity.OTHER);
        open.forEach(Commit::reopen);
    }

    /** Finishes the commits: they were written. */
    void finishSaved(RecordSnapshot written) {
        open.forEach(each -> each.finish(new CommitOutcome.Saved(written, each.overwritten())));
    }

    /** Finishes the commits: they change nothing. */
    void finishUnchanged(RecordSnapshot stored) {
        open.forEach(each -> each.finish(new CommitOutcome.Unchanged(stored, each.overwritten())));
    }

    /** Finishes the commits: their session is not live any more. */
    void finishNotLive(CommitOutcome.NotLive lost) {
        open.forEach(each -> each.finish(lost));
    }

    /** Fails the saving request's own commit. The next request in the queue saves the rest. */
    void giveUp(RuntimeException reason) {
        own.fail(reason);
        open.stream().filter(each -> each != own).forEach(queue::add);
    }

    /** Fails all commits, since no other request will finish them. */
    void fail(Throwable reason) {
        open.forEach(each -> each.fail(reason));
    }
}
