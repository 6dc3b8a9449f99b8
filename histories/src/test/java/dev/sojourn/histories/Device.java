package dev.sojourn.histories;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One browser with several tabs: threads that share its tokens and use them concurrently. What arrives last replaces what it
 * has. It keeps the tokens of its former sessions, as a thief would, and tries them again.
 */
final class Device implements Load.User {
    private static final int MAX_FORMER = 24;
    private static final double LOST_RESPONSES = 0.1;
    private static final double FORMER_TOKENS = 0.25;

    private final String name;
    private final String user;
    private final int usesPerSession;
    private final AccessClient client;
    private final AccessFlavor flavor;

    private final Deque<Tokens> former = new ArrayDeque<>();
    private @Nullable Tokens current;
    private boolean isLoggingIn;
    private int sessions;

    /** The tokens of one session; {@code refresh} is null for a sealed session. */
    private record Tokens(
            String family, String access, @Nullable String refresh) {
        @Nullable
        String of(AccessKind kind) {
            return kind.usesRefreshToken() ? refresh : access;
        }
    }

    /**
     * Creates a device without a session.
     *
     * @param name its name
     * @param user who signs in
     * @param usesPerSession how many uses a session has on average before the user ends it
     * @param client sends the requests
     */
    Device(String name, String user, int usesPerSession, AccessClient client) {
        this.name = name;
        this.user = user;
        this.usesPerSession = usesPerSession;
        this.client = client;
        this.flavor = client.flavor();
    }

    @Override
    public boolean sendRandomRequest(Random random) {
        Tokens old = random.nextDouble() < FORMER_TOKENS ? pickFormer(random) : null;
        if (old != null) {
            AccessKind kind = flavor.pickUse(random);
            client.send(request(kind, old, random));
            return true;
        }
        String family = beginLogin();
        if (family != null) {
            return logIn(family, random);
        }
        Tokens tokens = current();
        if (tokens == null) {
            return false;
        }
        return random.nextInt(usesPerSession) == 0 ? end(tokens, random) : use(tokens, random);
    }

    private boolean logIn(String family, Random random) {
        AccessOutcome outcome = client.send(
                new AccessClient.Request(AccessKind.LOGIN, family, user, null, random.nextInt(client.nodes())));
        finishLogin(outcome.access() == null ? null : new Tokens(family, outcome.access(), outcome.refresh()));
        return outcome.access() != null;
    }

    private boolean use(Tokens tokens, Random random) {
        AccessClient.Request request = request(flavor.pickUse(random), tokens, random);
        if (random.nextDouble() < LOST_RESPONSES) {
            client.sendAndLoseResponse(request);
            // The client repeats the request at once, perhaps on the other node.
            request = request(request.kind(), tokens, random);
        }
        AccessOutcome outcome = client.send(request);
        handle(tokens, outcome);
        return outcome.status() == AccessOutcome.Status.ACCEPTED;
    }

    private boolean end(Tokens tokens, Random random) {
        AccessKind kind = random.nextInt(3) == 0 ? AccessKind.END_ALL : flavor.pickEnd(random);
        AccessOutcome outcome = client.send(request(kind, tokens, random));
        if (outcome.status() != AccessOutcome.Status.NOT_DONE) {
            drop(tokens);
        }
        return outcome.status() == AccessOutcome.Status.ACCEPTED;
    }

    private AccessClient.Request request(AccessKind kind, Tokens tokens, Random random) {
        return new AccessClient.Request(kind, tokens.family(), user, tokens.of(kind), random.nextInt(client.nodes()));
    }

    // ---- what the device has

    /** Returns the name of a session to begin, or null if there is one or another thread begins one. */
    private synchronized @Nullable String beginLogin() {
        if (current != null || isLoggingIn) {
            return null;
        }
        isLoggingIn = true;
        return name + "." + ++sessions;
    }

    private synchronized void finishLogin(@Nullable Tokens tokens) {
        isLoggingIn = false;
        current = tokens;
    }

    private synchronized @Nullable Tokens current() {
        return current;
    }

    private synchronized @Nullable Tokens pickFormer(Random random) {
        if (former.isEmpty()) {
            return null;
        }
        Iterator<Tokens> each = former.iterator();
        for (int skipped = random.nextInt(former.size()); skipped > 0; skipped--) {
            each.next();
        }
        return each.next();
    }

    private synchronized void handle(Tokens tokens, AccessOutcome outcome) {
        if (current == null || !current.family().equals(tokens.family())) {
            // The session has ended in the meantime, but a response may still bring a token.
            if (outcome.access() != null) {
                remember(new Tokens(tokens.family(), outcome.access(), orElse(outcome.refresh(), tokens.refresh())));
            }
        } else if (outcome.status() == AccessOutcome.Status.REFUSED) {
            drop(tokens);
        } else if (outcome.access() != null) {
            current = new Tokens(tokens.family(), outcome.access(), orElse(outcome.refresh(), current.refresh()));
        }
    }

    private static @Nullable String orElse(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }

    private synchronized void drop(Tokens tokens) {
        if (current != null && current.family().equals(tokens.family())) {
            remember(current);
            remember(tokens);
            current = null;
        }
    }

    private void remember(Tokens tokens) {
        former.addFirst(tokens);
        if (former.size() > MAX_FORMER) {
            former.removeLast();
        }
    }
}
