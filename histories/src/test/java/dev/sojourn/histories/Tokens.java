package dev.sojourn.histories;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one session, in the order of its sign-ins: which came from which, when one may have ended, and when it
 * must have.
 */
final class Tokens {
    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final List<Operation> operations;
    private final List<Operation> userEnders;
    /** The public names of sessions, by token, as nodes told them. */
    private final Map<String, String> handles = new HashMap<>();

    /**
     * A token.
     *
     * @param text the token itself
     * @param parent the token that it was given in place of, or null for the session's first
     * @param giver the start or login that gave it
     * @param subject who is signed in by it, or null
     */
    record Token(
            String text,
            @Nullable Token parent,
            Operation giver,
            @Nullable String subject) {}

    private Tokens(List<Operation> operations, List<Operation> userEnders) {
        this.operations = operations;
        this.userEnders = userEnders;
        for (Operation operation : operations) {
            String handle = operation.isDone() ? operation.answer().seen().text(View.HANDLE) : null;
            // A start shows the session that it made, everything else the one that it met.
            String token = operation.kind() == Kind.START ? operation.answer().given() : operation.token();
            if (handle != null && token != null) {
                handles.put(token, handle);
            }
        }
    }

    static Tokens of(List<Operation> operations, List<Operation> userEnders) {
        Tokens tokens = new Tokens(operations, userEnders);
        List<Operation> logins = new ArrayList<>();
        for (Operation operation : operations) {
            String given = operation.answer().given();
            if (operation.kind() == Kind.START && given != null) {
                tokens.tokens.put(given, new Token(given, null, operation, null));
            } else if (operation.kind() == Kind.LOGIN && given != null) {
                logins.add(operation);
            }
        }
        // A login is over before the token that it gave is used, so parents come first in the order of beginnings.
        for (Operation login : logins) {
            Token parent = login.token() == null ? null : tokens.tokens.get(login.token());
            String given = login.answer().given();
            if (parent != null && given != null) {
                tokens.tokens.put(given, new Token(given, parent, login, login.user()));
            }
        }
        return tokens;
    }

    List<Token> all() {
        return List.copyOf(tokens.values());
    }

    @Nullable
    Token get(@Nullable String text) {
        return text == null ? null : tokens.get(text);
    }

    /** Whether something may have ended this token before the given instant. */
    boolean mayHaveEnded(Token token, long by) {
        return mayHaveEnded(token, by, null);
    }

    private boolean mayHaveEnded(Token token, long by, @Nullable Operation apartFrom) {
        if (!token.giver().isDone()) {
            // It may never have begun.
            return true;
        }
        for (Operation operation : operations) {
            if (!operation.equals(apartFrom) && operation.start() < by && ends(operation, token)) {
                return true;
            }
        }
        for (Operation operation : userEnders) {
            if (operation.start() < by && token.subject() != null && mayHaveMet(operation, token)) {
                return true;
            }
        }
        // A sign-in that found its session ended or moved by another one began afresh. A sign-out that had loaded the
        // former token follows to this one.
        Token parent = token.parent();
        return parent != null && mayHaveEnded(parent, token.giver().end(), token.giver());
    }

    private static boolean ends(Operation operation, Token token) {
        return (operation.kind() == Kind.LOGIN || operation.kind() == Kind.LOGOUT)
                && operation.mayHaveHappened()
                && token.text().equals(operation.token());
    }

    /**
     * Whether the end of a user's sessions can have reached this one: it was done or may have been, not before the
     * session was there, and did not leave this one alone.
     */
    private boolean mayHaveMet(Operation ender, Token token) {
        return ender.mayHaveHappened()
                && ender.lastLook() >= token.giver().start()
                && !keeps(ender, token)
                && !endedAnother(ender, token);
    }

    /** An acknowledged end of one session names it. One that was never seen may have any name. */
    private boolean endedAnother(Operation ender, Token token) {
        if (ender.kind() != Kind.END || !ender.isDone()) {
            return false;
        }
        String ended = ender.answer().seen().text(View.ENDED);
        for (Token each = token; ended != null && each != null; each = each.parent()) {
            String handle = handles.get(each.text());
            if (handle == null || handle.equals(ended)) {
                return false;
            }
        }
        return true;
    }

    private static boolean keeps(Operation operation, Token token) {
        return operation.kind() != Kind.EVERYWHERE && token.text().equals(operation.token());
    }

    /** The acknowledged operation after which this token, used from the given instant on, must open nothing. */
    Optional<Operation> ended(Token token, long from) {
        for (Operation operation : operations) {
            if (operation.isDone() && operation.end() < from && endsForCertain(operation, token)) {
                return Optional.of(operation);
            }
        }
        for (Operation operation : userEnders) {
            if (operation.kind() == Kind.END) {
                if (operation.isDone() && operation.end() < from && isOrCameFromHandle(token, operation)) {
                    return Optional.of(operation);
                }
                continue;
            }
            boolean wasThere = token.subject() != null && token.giver().before(operation);
            if (wasThere && operation.isDone() && operation.end() < from && !keeps(operation, token)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    private static boolean endsForCertain(Operation operation, Token token) {
        if (operation.kind() == Kind.LOGIN) {
            return token.text().equals(operation.token());
        }
        // Signing out ends the session under whatever id it has got meanwhile.
        return operation.kind() == Kind.LOGOUT && isOrCameFrom(token, operation.token());
    }

    private boolean isOrCameFromHandle(Token token, Operation ender) {
        String handle = ender.answer().seen().text(View.ENDED);
        for (Token each = token; handle != null && each != null; each = each.parent()) {
            if (handle.equals(handles.get(each.text()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOrCameFrom(Token token, @Nullable String ancestor) {
        for (Token each = token; each != null; each = each.parent()) {
            if (each.text().equals(ancestor)) {
                return true;
            }
        }
        return false;
    }
}
