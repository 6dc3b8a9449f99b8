package dev.sojourn.demo.web;

/** The pages of a site and its error pages. */
public interface Website {
    /**
     * Returns the pages.
     *
     * @return the routes
     */
    Routes routes();

    /**
     * Returns where the pages' sessions are kept.
     *
     * @return the place
     */
    SessionPlace sessionPlace();

    /**
     * Returns the error page of a failed request.
     *
     * @param error the error
     * @param request the request
     * @return the response, created without use of the session
     */
    Response errorPage(HttpErrorException error, Request request);
}
