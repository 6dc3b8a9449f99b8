package dev.sojourn.proof.versions;

import dev.sojourn.Sessions;

/** A program that creates {@code Sessions} in a separate JVM. */
final class CreateSessions {
    private CreateSessions() {}

    /**
     * Prints "created", or the exception.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try {
            Sessions unused = Sessions.create(c -> c.secret("zK3v8Qm1Yt6Rw0Xc5Bn2Hs7Lp4Jd9Gf-aEuIo"));
            System.out.println("created");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
