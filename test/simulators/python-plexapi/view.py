"""
What python-plexapi reads of the items named on the command line, as one JSON object by rating key.

Environment: PLEX_URL, PLEX_TOKEN.
"""

import json
import os
import sys

from plexapi.server import PlexServer


def names(tags):
    return [tag.tag for tag in tags]


def view(movie):
    return {
        'title': movie.title,
        'titleSort': movie.titleSort,
        'summary': movie.summary,
        'date': movie.originallyAvailableAt and movie.originallyAvailableAt.strftime('%Y-%m-%d'),
        'year': movie.year,
        'studio': movie.studio,
        'contentRating': movie.contentRating,
        'genres': names(movie.genres),
        'labels': names(movie.labels),
        'collections': names(movie.collections),
        'directors': names(movie.directors),
        'roles': [[role.tag, role.role] for role in movie.roles],
        'rating': movie.userRating,
        'posters': [[poster.ratingKey, poster.selected] for poster in movie.posters()],
        'backgrounds': [[art.ratingKey, art.selected] for art in movie.arts()],
        'locked': sorted(field.name for field in movie.fields if field.locked),
    }


server = PlexServer(os.environ['PLEX_URL'], os.environ['PLEX_TOKEN'])
json.dump({key: view(server.fetchItem(int(key))) for key in sys.argv[1:]}, sys.stdout)
