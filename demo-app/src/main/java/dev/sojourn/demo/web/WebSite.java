package dev.sojourn.demo.web;

/** Pages and what is said when there is none. */
public interface WebSite {
    /**
     * The pages.
     *
     * @return the routes
     */
    Routes routes();

    /**
     * The page for a request that is refused or has failed.
     *
     * @param refusal what to say
     * @param request the request
     * @return the answer; making it must not use the session
     */
    Answer refused(Refusal refusal, Request request);
}
