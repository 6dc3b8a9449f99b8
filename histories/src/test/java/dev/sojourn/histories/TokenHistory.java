package dev.sojourn.histories;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one session in the order of its logins, with their predecessors, and the times at which each may have ended
 * and must have ended.
 */
final class TokenHistory {
    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final List<Operation> operations;
    private final List<Operation> userEnds;
    /** The public ids of sessions by token, as reported by nodes. */
    private final Map<String, String> publicIds = new HashMap<>();

    /**
     * A token.
     *
     * @param text the token itself
     * @param parent the token that it replaced, or null for the session's first
     * @param issuer the start or login that issued it
     * @param subject the session's subject, or null
     */
    record Token(
            String text,
            @Nullable Token parent,
            Operation issuer,
            @Nullable String subject) {}

    private TokenHistory(List<Operation> operations, List<Operation> userEnds) {
        this.operations = operations;
        this.userEnds = userEnds;
        for (Operation operation : operations) {
            String publicId =
                    operation.isDone() ? operation.outcome().requireView().text(SessionView.PUBLIC_ID) : null;
            // A start returns a view of its new session, every other operation one of the request's session.
            String token = operation.kind() == OperationKind.START
                    ? operation.outcome().newToken()
                    : operation.token();
            if (publicId != null && token != null) {
                publicIds.put(token, publicId);
            }
        }
    }

    static TokenHistory of(List<Operation> operations, List<Operation> userEnds) {
        TokenHistory tokens = new TokenHistory(operations, userEnds);
        List<Operation> logins = new ArrayList<>();
        for (Operation operation : operations) {
            String newToken = operation.outcome().newToken();
            if (operation.kind() == OperationKind.START && newToken != null) {
                tokens.tokens.put(newToken, new Token(newToken, null, operation, null));
            } else if (operation.kind() == OperationKind.LOGIN && newToken != null) {
                logins.add(operation);
            }
        }
        // A login ends before its token is used, so parents come first in the order of starts.
        for (Operation login : logins) {
            Token parent = login.token() == null ? null : tokens.tokens.get(login.token());
            String newToken = login.outcome().newToken();
            if (parent != null && newToken != null) {
                tokens.tokens.put(newToken, new Token(newToken, parent, login, login.user()));
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

    /** Returns whether an operation may have ended this token before the given instant. */
    boolean mayHaveEnded(Token token, long by) {
        return mayHaveEnded(token, by, null);
    }

    private boolean mayHaveEnded(Token token, long by, @Nullable Operation excluded) {
        if (!token.issuer().isDone()) {
            // The session may never have been created.
            return true;
        }
        for (Operation operation : operations) {
            if (!operation.equals(excluded) && operation.start() < by && mayEnd(operation, token)) {
                return true;
            }
        }
        for (Operation operation : userEnds) {
            if (operation.start() < by && token.subject() != null && mayHaveReached(operation, token)) {
                return true;
            }
        }
        // A login whose session another request ended or gave a new id started a new one. A logout that had loaded the
        // former token also ends this one.
        Token parent = token.parent();
        return parent != null && mayHaveEnded(parent, token.issuer().end(), token.issuer());
    }

    private static boolean mayEnd(Operation operation, Token token) {
        return (operation.kind() == OperationKind.LOGIN || operation.kind() == OperationKind.LOGOUT)
                && operation.mayBeDone()
                && token.text().equals(operation.token());
    }

    /**
     * Returns whether an end of a user's sessions can have reached this one: it may be done, did not finish before this session
     * started, and did not spare it.
     */
    private boolean mayHaveReached(Operation end, Token token) {
        return end.mayBeDone()
                && end.latestLookup() >= token.issuer().start()
                && !spares(end, token)
                && !endedAnotherSession(end, token);
    }

    /** Returns whether an acknowledged end names another session. A session that was never observed may have any public id. */
    private boolean endedAnotherSession(Operation end, Token token) {
        if (end.kind() != OperationKind.END_ONE || !end.isDone()) {
            return false;
        }
        String ended = end.outcome().requireView().text(SessionView.ENDED);
        for (Token each = token; ended != null && each != null; each = each.parent()) {
            String publicId = publicIds.get(each.text());
            if (publicId == null || publicId.equals(ended)) {
                return false;
            }
        }
        return true;
    }

    private static boolean spares(Operation operation, Token token) {
        return operation.kind() != OperationKind.END_ALL && token.text().equals(operation.token());
    }

    /** Returns the acknowledged operation after which this token, if used from the given instant on, must open nothing. */
    Optional<Operation> definiteEnd(Token token, long from) {
        for (Operation operation : operations) {
            if (operation.isDone() && operation.end() < from && definitelyEnds(operation, token)) {
                return Optional.of(operation);
            }
        }
        for (Operation operation : userEnds) {
            if (operation.kind() == OperationKind.END_ONE) {
                if (operation.isDone() && operation.end() < from && isOrDescendsFromEndedSession(token, operation)) {
                    return Optional.of(operation);
                }
                continue;
            }
            boolean existed = token.subject() != null && token.issuer().isBefore(operation);
            if (existed && operation.isDone() && operation.end() < from && !spares(operation, token)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    private static boolean definitelyEnds(Operation operation, Token token) {
        if (operation.kind() == OperationKind.LOGIN) {
            return token.text().equals(operation.token());
        }
        // A logout ends the session under every id that it got in the meantime.
        return operation.kind() == OperationKind.LOGOUT && isOrDescendsFrom(token, operation.token());
    }

    private boolean isOrDescendsFromEndedSession(Token token, Operation end) {
        String publicId = end.outcome().requireView().text(SessionView.ENDED);
        for (Token each = token; publicId != null && each != null; each = each.parent()) {
            if (publicId.equals(publicIds.get(each.text()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOrDescendsFrom(Token token, @Nullable String ancestor) {
        for (Token each = token; each != null; each = each.parent()) {
            if (each.text().equals(ancestor)) {
                return true;
            }
        }
        return false;
    }
}
