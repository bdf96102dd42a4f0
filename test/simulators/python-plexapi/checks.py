"""
What python-plexapi, written against real servers, makes of the simulated one. The cases follow
its own test suite (tests/test_library.py, test_mixins.py, test_video.py); every check takes an
item of its own from the library that the vitest file beside this folder sets up.

Environment: PLEX_URL, PLEX_TOKEN, GUEST_TOKEN, TAG_MODE (append or replace), SECTION.
"""

import hashlib
import io
import os
from datetime import datetime

from plexapi.exceptions import BadRequest, NotFound, Unauthorized
from plexapi.server import PlexServer

from harness import check, raises, run

URL = os.environ['PLEX_URL']
TOKEN = os.environ['PLEX_TOKEN']
GUEST_TOKEN = os.environ['GUEST_TOKEN']
APPENDS = os.environ['TAG_MODE'] == 'append'
# The tag with which python-plexapi's own suite tries real servers.
NASTY_TAG = 'Test Tag !@#$%^&*()-_=+[];:\'"/?,.'

# As much of a JPEG as tells it from anything else.
PICTURE = b'\xff\xd8\xff\xe0'


def item(section, title):
    """The item of that title with everything the server knows about it."""
    return section.get(title).reload()


def names(tags):
    return [tag.tag for tag in tags]


@check('connects with a token and reads who the server is')
def connects(plex, section):
    assert plex.friendlyName
    assert len(plex.machineIdentifier) == 40
    assert plex.version.startswith('1.')


@check('is refused with a wrong token')
def wrong_token(plex, section):
    raises(Unauthorized, lambda: PlexServer(URL, 'wrong'))


@check('lists the sections with type, agent and locations')
def lists_sections(plex, section):
    assert section in plex.library.sections()
    assert section.type == 'movie'
    assert section.agent == 'tv.plex.agents.none'
    assert section.locations == ['/data/scenes']
    assert isinstance(section.updatedAt, datetime)
    assert len(section.uuid) == 36
    raises(NotFound, lambda: plex.library.section('cannot find me'))


@check('reads a whole section in pages of three')
def reads_in_pages(plex, section):
    every = section.all(container_size=3)
    assert len(every) == section.totalSize > 20
    assert len({movie.ratingKey for movie in every}) == len(every)
    assert all(movie.media[0].parts[0].file.startswith('/data/scenes/') for movie in every)


@check('pages from the middle and past the end')
def pages_from_the_middle(plex, section):
    total = section.totalSize
    assert len(section.search(container_start=2, maxresults=1)) == 1
    assert len(section.search(container_start=2, container_size=1)) == total - 2
    assert len(section.search(container_start=9999, container_size=1)) == 0


@check('finds items by a part of their title')
def searches_by_title(plex, section):
    found = section.search('one of two')
    assert sorted(movie.title for movie in found) == ['One of Two (a)', 'One of Two (b)']
    assert section.get('Plain').title == 'Plain'
    raises(NotFound, lambda: section.get('no such title'))


@check('finds items by filters and operators')
def searches_by_filters(plex, section):
    def titles(**filters):
        return sorted(movie.title for movie in section.search(**filters))

    assert titles(filters={'title=': 'One of Two (a)'}) == ['One of Two (a)']
    assert titles(filters={'title<': 'One of'}) == ['One of Two (a)', 'One of Two (b)']
    assert titles(filters={'title>': 'Two (b)'}) == ['One of Two (b)']
    assert titles(year=1999) == ['Old']
    assert titles(filters={'year<<': 2000}) == ['Old']
    assert titles(studio='Acme Pict') == ['Old']
    assert 'Old' in titles(filters={'addedAt>>': '1d'})
    assert 'Old' not in titles(filters={'addedAt<<': '1d'})
    key = section.get('Plain').ratingKey
    assert titles(id=key) == ['Plain']


@check('finds items by nested filters')
def searches_by_nested_filters(plex, section):
    either = {'or': [{'title': 'one of two (a)'}, {'year': 1999}]}
    found = section.search(filters={'and': [either, {'year!': 1999}]})
    assert [movie.title for movie in found] == ['One of Two (a)']
    assert len(section.search(filters=either)) == 2


@check('finds items by tags, by name and by object')
def searches_by_tags(plex, section):
    tagged = item(section, 'Many tags')
    assert [movie.title for movie in section.search(genre='Genre 4')] == ['Many tags']
    assert [movie.title for movie in section.search(actor=tagged.actors[21])] == ['Many tags']
    assert tagged not in section.search(filters={'genre!': 'Genre 4'})
    assert tagged.genres[0].items() == [tagged]


@check('refuses unknown filters and sorts')
def refuses_unknown_filters(plex, section):
    raises(NotFound, lambda: section.search(unknown='unknown'))
    raises(NotFound, lambda: section.search(sort='unknown'))
    raises(BadRequest, lambda: section.search(year='123abc'))


@check('sorts by title in both directions')
def sorts(plex, section):
    up = [movie.titleSort for movie in section.search(sort='titleSort')]
    down = [movie.titleSort for movie in section.search(sort='titleSort:desc')]
    assert down == up[::-1]
    assert up.index('Old') < up.index('Plain')


@check('lists what was added last first')
def recently_added(plex, section):
    assert section.recentlyAdded(maxresults=1)[0].title == 'Newest'


@check('lists the values of a filter')
def filter_choices(plex, section):
    assert 'Genre 4' in [choice.title for choice in section.listFilterChoices('genre')]


@check('fetches several items at once and passes over missing ones')
def fetches_several(plex, section):
    keys = [section.get(title).ratingKey for title in ('Plain', 'Old')]
    found = plex.fetchItems([*keys, 999999999])
    assert sorted(movie.ratingKey for movie in found) == sorted(keys)


@check('does not find a missing item')
def missing_item(plex, section):
    raises(NotFound, lambda: plex.fetchItem(999999999))


@check('sees some tags in a listing and all of them after a reload')
def truncated_listing(plex, section):
    movie = section.get('Many tags')
    assert len(movie.genres) == 2
    assert len(movie.roles) == 3
    movie.reload()
    assert names(movie.genres) == ['Genre 1', 'Genre 2', 'Genre 3', 'Genre 4']
    assert names(movie.roles) == [f'Actor {number}' for number in range(1, 23)]


@check('sees the locks of an item')
def sees_locks(plex, section):
    movie = item(section, 'Locked')
    assert movie.isLocked('title') and movie.isLocked('genre')
    assert not movie.isLocked('summary')


@check('edits, locks and unlocks the title')
def edits_title(plex, section):
    movie = item(section, 'To be renamed')
    movie.editTitle('Renamed').reload()
    assert movie.title == 'Renamed'
    assert movie.isLocked('title')
    movie.editTitle('Renamed again', locked=False).reload()
    assert movie.title == 'Renamed again'
    assert not movie.isLocked('title')


@check('edits summary, studio, date and the other fields')
def edits_fields(plex, section):
    movie = item(section, 'Fields')
    movie.editSummary('A summary').editStudio('A studio').editTagline('A tagline')
    movie.editOriginallyAvailable('2021-03-04').editContentRating('XXX')
    movie.editSortTitle('fields, sorted').editOriginalTitle('Felder').editUserRating(7.5)
    movie.reload()
    assert movie.summary == 'A summary'
    assert movie.studio == 'A studio'
    assert movie.tagline == 'A tagline'
    assert movie.originallyAvailableAt == datetime(2021, 3, 4)
    assert movie.year == 2021
    assert movie.contentRating == 'XXX'
    assert movie.titleSort == 'fields, sorted'
    assert movie.originalTitle == 'Felder'
    assert movie.userRating == 7.5
    assert all(movie.isLocked(field) for field in ('summary', 'studio', 'originallyAvailableAt'))


@check('clears a field with an empty value')
def clears_field(plex, section):
    movie = item(section, 'To be cleared')
    assert movie.summary and movie.studio
    movie.editSummary('').editStudio('').reload()
    assert movie.summary == ''
    assert movie.studio is None


@check('gets text of any script and its line breaks back')
def round_trips_text(plex, section):
    text = 'Ünïcode & <tags> "quotes" 100% a+b\nsecond line\t👩‍👩‍👧 שלום'
    movie = item(section, 'Text')
    movie.editSummary(text).reload()
    assert movie.summary == text


@check('is refused a date that is none')
def refuses_bad_date(plex, section):
    movie = item(section, 'Plain')
    raises(BadRequest, lambda: movie.editOriginallyAvailable('yesterday'))


@check('locks and unlocks the poster')
def locks_poster(plex, section):
    movie = item(section, 'Poster')
    movie.lockPoster().reload()
    assert movie.isLocked('thumb')
    movie.unlockPoster().reload()
    assert not movie.isLocked('thumb')


def shown(images):
    """The name of the picture that is selected, of which there must be one."""
    (name,) = [image.ratingKey for image in images if image.selected]
    return name


def upload_name(kind, data):
    return f'upload://{kind}/{hashlib.sha1(data).hexdigest()}'


@check('uploads posters from bytes, the newest of which is shown')
def uploads_posters(plex, section):
    movie = item(section, 'Posters')
    assert movie.posters() == []
    for data in (PICTURE + b'a', PICTURE + b'b'):
        movie.uploadPoster(filepath=io.BytesIO(data))
        assert shown(movie.posters()) == upload_name('posters', data)
    assert len(movie.posters()) == 2
    movie.uploadPoster(filepath=io.BytesIO(PICTURE + b'a'))
    assert len(movie.posters()) == 2
    assert shown(movie.posters()) == upload_name('posters', PICTURE + b'a')
    assert all(poster.thumb and poster.key for poster in movie.posters())


@check('chooses a poster that was uploaded earlier')
def chooses_poster(plex, section):
    movie = item(section, 'Posters chosen')
    for data in (PICTURE + b'a', PICTURE + b'b'):
        movie.uploadPoster(filepath=io.BytesIO(data))
    movie.setPoster(movie.posters()[0])
    assert shown(movie.posters()) == upload_name('posters', PICTURE + b'a')


@check('uploads a background, which is no poster')
def uploads_art(plex, section):
    movie = item(section, 'Art')
    assert movie.art is None
    movie.uploadArt(filepath=io.BytesIO(PICTURE)).lockArt().reload()
    assert shown(movie.arts()) == upload_name('arts', PICTURE)
    assert movie.posters() == []
    assert movie.isLocked('art') and not movie.isLocked('thumb')
    assert movie.art


@check('takes a poster and a background away, which locks both')
def deletes_pictures(plex, section):
    movie = item(section, 'Pictures gone')
    movie.uploadPoster(filepath=io.BytesIO(PICTURE)).uploadArt(filepath=io.BytesIO(PICTURE)).reload()
    assert movie.thumb and movie.art
    movie.deletePoster().deleteArt().reload()
    assert movie.thumb is None and movie.art is None
    assert movie.isLocked('thumb') and movie.isLocked('art')
    assert not any(poster.selected for poster in movie.posters())
    movie.uploadPoster(filepath=io.BytesIO(PICTURE)).reload()
    assert movie.thumb


@check('is refused a picture of more than 10 MB')
def refuses_large_poster(plex, section):
    movie = item(section, 'Art')
    large = io.BytesIO(PICTURE + bytes(10 * 1024 * 1024))
    error = raises(BadRequest, lambda: movie.uploadPoster(filepath=large))
    assert '(500)' in str(error)
    assert movie.posters() == []


@check('rates an item in half stars and takes the rating back')
def rates(plex, section):
    movie = item(section, 'Rated')
    assert movie.rate(7).reload().userRating == 7
    assert movie.rate(0).reload().userRating == 0
    assert movie.rate(None).reload().userRating is None


@check('marks an item as played and as unplayed')
def marks_played(plex, section):
    movie = item(section, 'Played')
    assert not movie.isPlayed
    movie.markPlayed().reload()
    assert movie.viewCount == 1
    assert isinstance(movie.lastViewedAt, datetime)
    movie.markUnplayed().reload()
    assert movie.viewCount == 0


@check('stops an item somewhere, finds it in progress, and takes that away by a mark')
def sets_progress(plex, section):
    movie = item(section, 'Stopped')
    movie.updateTimeline(20_000, duration=movie.duration).reload()
    assert movie.viewOffset == 20_000
    assert [found.title for found in section.search(inProgress=True)] == ['Stopped']
    movie.updateProgress(30_000).reload()
    assert movie.viewOffset == 30_000
    # "Note that setting the time to 0 will not work."
    movie.updateProgress(0).reload()
    assert movie.viewOffset == 30_000
    movie.markUnplayed().reload()
    assert movie.viewOffset == 0
    assert section.search(inProgress=True) == []


@check('counts an item as played whose player stopped near the end')
def plays_to_the_end(plex, section):
    movie = item(section, 'Played to the end')
    movie.updateTimeline(58_000, duration=movie.duration).reload()
    assert (movie.viewCount, movie.viewOffset) == (1, 0)


@check('sorts and filters by views and ratings')
def sorts_by_views(plex, section):
    for title, rating in [('Seen first', 3), ('Seen last', 9)]:
        item(section, title).markPlayed().rate(rating)
    seen = {'Seen first', 'Seen last'}
    unwatched = {movie.title for movie in section.search(unwatched=True)}
    assert not seen & unwatched
    assert len(unwatched) > 10
    played = [movie.title for movie in section.search(sort='lastViewedAt:desc', unwatched=False)]
    assert seen <= set(played)
    best = [movie.title for movie in section.search(sort='userRating:desc', maxresults=1)]
    assert best == ['Seen last']


@check('sees with the token of somebody else what they left, and not the own')
def of_somebody_else(plex, section):
    theirs = PlexServer(URL, GUEST_TOKEN).library.section(section.title)
    movie, guest = item(section, 'Two viewers'), item(theirs, 'Two viewers')
    movie.markPlayed().rate(2)
    guest.updateTimeline(20_000, duration=guest.duration).rate(10)
    movie.reload()
    guest.reload()
    assert (movie.viewCount, movie.viewOffset, movie.userRating) == (1, 0, 2)
    assert (guest.viewCount, guest.viewOffset, guest.userRating) == (0, 20_000, 10)
    assert '(403)' in str(raises(BadRequest, lambda: guest.editTitle('Theirs')))


def nasty_round_trip(section, attribute, method):
    movie = item(section, 'Nasty tags')
    field = {'countries': 'country'}.get(attribute, attribute[:-1])
    assert NASTY_TAG not in names(getattr(movie, attribute))
    getattr(movie, f'add{method}')(NASTY_TAG)
    movie.reload()
    assert NASTY_TAG in names(getattr(movie, attribute))
    assert movie.isLocked(field)
    getattr(movie, f'remove{method}')(NASTY_TAG, locked=False)
    movie.reload()
    assert NASTY_TAG not in names(getattr(movie, attribute))
    assert not movie.isLocked(field)


@check('adds and removes a nasty tag as genre')
def nasty_genre(plex, section):
    nasty_round_trip(section, 'genres', 'Genre')


@check('adds and removes a nasty tag as collection')
def nasty_collection(plex, section):
    nasty_round_trip(section, 'collections', 'Collection')


@check('adds and removes a nasty tag as label')
def nasty_label(plex, section):
    nasty_round_trip(section, 'labels', 'Label')


@check('adds and removes a nasty tag as director')
def nasty_director(plex, section):
    nasty_round_trip(section, 'directors', 'Director')


@check('adds and removes a nasty tag as writer')
def nasty_writer(plex, section):
    nasty_round_trip(section, 'writers', 'Writer')


@check('adds and removes a nasty tag as producer')
def nasty_producer(plex, section):
    nasty_round_trip(section, 'producers', 'Producer')


@check('adds and removes a nasty tag as country')
def nasty_country(plex, section):
    nasty_round_trip(section, 'countries', 'Country')


@check('adds a genre to many and keeps the rest in order')
def adds_genre(plex, section):
    movie = item(section, 'Twelve genres')
    before = names(movie.genres)
    assert len(before) == 12
    movie.addGenre('Thirteenth').reload()
    assert names(movie.genres) == [*before, 'Thirteenth']


@check('removes several genres at once, with commas in their names')
def removes_genres(plex, section):
    movie = item(section, 'Commas')
    movie.removeGenre(['A', 'B, c']).reload()
    assert names(movie.genres) == ['Kept', 'c']


@check('writes several fields and tags of one item in one request')
def batch_edits(plex, section):
    movie = item(section, 'Batch')
    movie.batchEdits()
    movie.editTitle('Batch edited').editSummary('s').editTagline('t').editStudio('u')
    movie.addGenre(['x', 'y']).addCollection('z')
    movie.saveEdits().reload()
    assert (movie.title, movie.summary, movie.tagline, movie.studio) == ('Batch edited', 's', 't', 'u')
    assert names(movie.genres) == ['x', 'y']
    assert names(movie.collections) == ['z']


@check('writes the same to several items in one request')
def batch_multi_edits(plex, section):
    movies = section.search('one of two')
    section.batchMultiEdits(movies).addGenre('Common').editStudio('Common studio').saveMultiEdits()
    for movie in movies:
        movie.reload()
        assert movie.studio == 'Common studio'
        assert movie.isLocked('genre')
        own = f'Own {movie.title[-2]}'
        # The section object knows no old tags, so that only the new one is sent.
        assert names(movie.genres) == ([own, 'Common'] if APPENDS else ['Common'])
    section.batchMultiEdits(movies).removeGenre('Common').saveMultiEdits()
    for movie in movies:
        assert 'Common' not in names(movie.reload().genres)


@check('asks for an item to be refreshed')
def refreshes(plex, section):
    section.get('Plain').refresh()


@check('sees every version of an item, and no size of one that was not analysed')
def versions(plex, section):
    movie = item(section, 'Two versions')
    assert [media.duration for media in movie.media] == [60_000, 90_000, None]
    assert [part.size for part in movie.iterParts()] == [1000, 1000, None]
    assert movie.duration == 90_000


@check('has one folder scanned, and then the whole section')
def scans(plex, section):
    def found():
        return sorted(movie.title for movie in section.search('in '))

    before = found()
    section.update(path='/data/scenes/new + (1) & Ü first')
    assert found() == sorted([*before, 'in first'])
    section.update()
    assert found() == sorted([*before, 'in first', 'in other'])
    assert section.get('in other').media[0].parts[0].file == '/data/scenes/other/in other.mp4'
    section.refresh()
    section.reload()
    assert not section.refreshing


@check('locks and unlocks a field of every item')
def locks_all(plex, section):
    section.lockAllField('tagline')
    assert all(movie.reload().isLocked('tagline') for movie in section.all())
    section.unlockAllField('tagline')
    assert not any(movie.reload().isLocked('tagline') for movie in section.all())


if __name__ == '__main__':
    server = PlexServer(URL, TOKEN)
    run(server, server.library.section(os.environ['SECTION']))
