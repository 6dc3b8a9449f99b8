package dev.sojourn.spi;

/** Issues the access tokens of an application, and checks them. Immutable or safely cached, thread-safe, no I/O. */
public interface AccessTokenFormat extends TokenVerifier {
    /**
     * Issues a token.
     *
     * @param token what it says
     * @return the text
     */
    String issue(AccessToken token);
}
