"""
What python-plexapi reads of one user's plays, offsets and ratings of the items named on the command
line, as one JSON object by rating key. Times are Unix seconds.

Environment: PLEX_URL, PLEX_TOKEN.
"""

import json
import os
import sys

from plexapi.server import PlexServer


def seconds(time):
    return time and int(time.timestamp())


def view(movie):
    return {
        'played': movie.isPlayed,
        'viewCount': movie.viewCount,
        'viewOffset': movie.viewOffset,
        'lastViewedAt': seconds(movie.lastViewedAt),
        'rating': movie.userRating,
        'lastRatedAt': seconds(movie.lastRatedAt),
    }


server = PlexServer(os.environ['PLEX_URL'], os.environ['PLEX_TOKEN'])
json.dump({key: view(server.fetchItem(int(key))) for key in sys.argv[1:]}, sys.stdout)
